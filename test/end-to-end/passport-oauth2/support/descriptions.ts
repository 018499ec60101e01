import { IncomingMessage } from 'node:http';

/** `value` as plain data; random texts become their kind, URLs of the token server their path. */
export function describeValue(value: unknown): unknown {
  if (typeof value === 'string')
    return isRandom(value) ? `<${value.length === 43 ? 'proof' : 'handle'}>` : hideOrigin(value);
  if (Array.isArray(value)) return value.map(describeValue);
  if (value instanceof IncomingMessage) return '<req>';
  if (value instanceof Date) return '<date>';
  if (typeof value === 'function') return '<callback>';
  if (typeof value !== 'object' || value === null) return value;
  if ('provider' in value) return '<Metafy profile>';
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, name === 'expiresAtMs' ? '<time>' : describeValue(member)]),
  );
}

// passport-oauth2's handles have 24 letters and digits, ours 22 of base64url; verifier and challenge have 43.
function isRandom(text: string): boolean {
  return /^(?:[A-Za-z\d]{24}|[\w-]{22}|[\w-]{43})$/.test(text) && /[A-Z\d]/.test(text);
}

function hideOrigin(text: string): string {
  return text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '');
}

/** What Passport was told: the action and what it was given; of an authorization URL without the query. */
export function describeCall([action, ...parameters]: unknown[]): string {
  if (action === 'redirect') return hideOrigin(`redirect ${String(parameters[0]).split('?', 1)}`);
  // A status that is left out and one that is `undefined` are the same to Passport.
  const given = parameters.filter((value, index) => index === 0 || value !== undefined);
  return hideOrigin([action, ...given.map(toText)].join(' '));
}

function toText(value: unknown): string {
  if (!(value instanceof Error)) return JSON.stringify(value) ?? 'undefined';
  const { code, status, uri, oauthError } = value as Error & Record<string, unknown>;
  const details = [code, status, uri].filter((detail) => detail !== undefined);
  const cause = oauthError === undefined ? '' : ` from ${toText(oauthError)}`;
  return `${value.constructor.name}(${details.join(', ')}): ${value.message}${cause}`;
}
