/** A JSON object: not an array, not `null`. */
export type JSONObject = Record<string, unknown>;

export function isJSONObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The JSON object in `text`; `undefined` when it is anything else. `JSON.parse`'s own error is dropped on purpose: its
 * message quotes the text, which may hold a token.
 */
export function parseJSONObject(text: string): JSONObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJSONObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is something to show. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** An id; `undefined` when it is none. A number beyond 2^53 has already lost digits, and two could share what is left. */
export function toID(id: unknown): string | undefined {
  return Number.isSafeInteger(id) ? String(id) : isText(id) ? id : undefined;
}
