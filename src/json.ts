/** A JSON object: not an array, not `null`. */
export type JSONObject = Record<string, unknown>;

export function isJSONObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The JSON object in `text`; `undefined` when it is anything else. `JSON.parse`'s own error is dropped on
 * purpose: its message quotes the text, which may hold a token.
 */
export function parseJSONObject(text: string): JSONObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJSONObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** In levels, of which Metafy's deepest known answer has five. */
const maxDepth = 100;

/**
 * As `parseJSONObject`, for Metafy's answers: also `undefined` when nested deeper than anything Metafy says. What
 * is handed out must be fit for `JSON.stringify`, which is recursive and keeps tokens and sessions.
 *
 * @see RFC 8259, section 9
 */
export function parseAnswer(text: string): JSONObject | undefined {
  const json = parseJSONObject(text);
  return isDeeper(json, maxDepth) ? undefined : json;
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeper(member, depth - 1));
}
