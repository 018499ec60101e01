import { MetafyOAuthError, MetafyResponseError } from '../errors';
import type { JSONObject } from '../util/json';
import type { HttpResponse } from './http';

/** Metafy's reason, in OAuth's terms. */
export interface OAuthErrorResponse {
  code: string;
  description?: string | undefined;
  uri?: string | undefined;
}

/** The error for an answer that refuses: Metafy's OAuth reason where it gave one, `bad_status` otherwise. */
export function errorFromResponse(
  what: string,
  { status, headers }: HttpResponse,
  reason: OAuthErrorResponse | undefined,
): MetafyOAuthError | MetafyResponseError {
  const retryAfterMs = status === 429 || status === 503 ? parseRetryAfter(headers['retry-after']) : undefined;
  const details = { upstreamStatus: status, retryAfterMs };
  if (!reason) {
    const message = `Metafy answered ${what} with status ${status}`;
    return new MetafyResponseError(message, { code: 'bad_status', ...details });
  }
  const description = reason.description ? `: ${reason.description}` : '';
  const message = `Metafy refused ${what} with ${reason.code}${description}`;
  return new MetafyOAuthError(message, { code: reason.code, uri: reason.uri, ...details });
}

/**
 * Reads the error in a JSON body; `undefined` when it is not an OAuth error code, or repeats one of `secrets`. A
 * description that repeats one is dropped.
 *
 * @see RFC 6749, section 5.2, for the characters; without the space, since Rails answers `"Bad Request"`
 */
export function parseErrorBody(
  { error, error_description, error_uri }: JSONObject,
  secrets: readonly string[] = [],
): OAuthErrorResponse | undefined {
  const repeatsSecret = (text: string): boolean => secrets.some((secret) => text.includes(secret));
  const toText = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' && !repeatsSecret(value)
      ? value.slice(0, 500).replace(/\p{Cc}/gu, ' ')
      : undefined;

  const isCode = typeof error === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(error);
  if (!isCode || repeatsSecret(error)) return undefined;
  return { code: error, description: toText(error_description), uri: toText(error_uri) };
}

/**
 * Reads the `Bearer` challenge, where Metafy's API puts its reasons: its error bodies are empty.
 *
 * @see RFC 6750, section 3
 */
export function parseBearerChallenge(
  header: string | undefined,
  secrets: readonly string[],
): OAuthErrorResponse | undefined {
  const challenge = parseChallenges(header ?? '').find(
    ({ scheme, parameters }) => scheme === 'bearer' && parameters.error !== undefined,
  );
  return challenge && parseErrorBody(challenge.parameters, secrets);
}

interface Challenge {
  /** In lower case. */
  scheme: string;
  /** By lower-case name. */
  parameters: Record<string, string>;
}

const token = "[!#$%&'*+.^_`|~\\w-]+";
const end = '(?=[ \\t]*(?:,|$))';
const separators = /[ \t,]*/y;
const parameter = new RegExp(`(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))${end}`, 'y');
const scheme = new RegExp(`(${token})(?:[ \\t]+[\\w.~+/-]+=*${end})?(?=[ \\t]|,|$)`, 'y');

/**
 * Takes a `WWW-Authenticate` field apart; Node joins several fields with commas. What comes after something that is
 * neither a challenge nor one's parameter is not read.
 *
 * @see RFC 9110, section 11.6.1
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  let position = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(header);
    if (found) position = pattern.lastIndex;
    return found;
  };
  for (;;) {
    match(separators);
    const found = match(parameter);
    const current = challenges.at(-1);
    if (found && current) {
      const [, name = '', quoted, plain = ''] = found;
      current.parameters[name.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? plain;
      continue;
    }
    const next = found ? null : match(scheme);
    if (!next) return challenges;
    // Without a prototype, since the names are the server's.
    challenges.push({ scheme: (next[1] as string).toLowerCase(), parameters: Object.create(null) });
  }
}

/**
 * Milliseconds from now; `undefined` for anything that is neither a number of seconds nor an HTTP date.
 *
 * @see RFC 9110, section 10.2.3
 */
export function parseRetryAfter(header = ''): number | undefined {
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = / GMT$/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
