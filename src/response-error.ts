import { MetafyOAuthError, MetafyResponseError, toApplicationStatus } from './errors';
import type { HttpResponse } from './http';

/** What an answer said about a refusal, in OAuth's terms. */
export interface Refusal {
  code: string;
  description?: string | undefined;
  uri?: string | undefined;
}

/** The error for an answer that refuses: `refusal` when Metafy gave an OAuth reason, `bad_status` otherwise. */
export function toRefusalError(
  what: string,
  response: HttpResponse,
  refusal: Refusal | undefined,
): MetafyOAuthError | MetafyResponseError {
  const { status, headers } = response;
  const retryAfterMs = status === 429 || status === 503 ? parseRetryAfter(headers['retry-after']) : undefined;
  if (!refusal) {
    const message = `Metafy answered ${what} with status ${status}`;
    return new MetafyResponseError(message, { code: 'bad_status', upstreamStatus: status, retryAfterMs });
  }
  const reason = refusal.description ? `: ${refusal.description}` : '';
  return new MetafyOAuthError(`Metafy refused ${what} with ${refusal.code}${reason}`, {
    code: refusal.code,
    uri: refusal.uri,
    status: toApplicationStatus(status),
    upstreamStatus: status,
    retryAfterMs,
  });
}

/**
 * Builds a refusal from untrusted values; `undefined` when `code` is not an OAuth error code or repeats one of
 * `secrets`. A description that repeats one is dropped.
 *
 * @see RFC 6749, section 5.2, for the characters; without the space, since Rails answers `"Bad Request"`
 */
export function toRefusal(
  { code, description, uri }: { code: unknown; description?: unknown; uri?: unknown },
  secrets: readonly string[] = [],
): Refusal | undefined {
  const repeatsSecret = (text: string): boolean => secrets.some((secret) => text.includes(secret));
  const toText = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' && !repeatsSecret(value)
      ? value.slice(0, 500).replace(/\p{Cc}/gu, ' ')
      : undefined;

  if (typeof code !== 'string' || !/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(code) || repeatsSecret(code)) {
    return undefined;
  }
  return { code, description: toText(description), uri: toText(uri) };
}

/**
 * Reads the `Bearer` challenge, where Metafy's API puts its reasons: its error bodies are empty.
 *
 * @see RFC 6750, section 3
 */
export function parseBearerChallenge(
  header: string | undefined,
  secrets: readonly string[],
): Refusal | undefined {
  if (header === undefined || !/^bearer /i.test(header)) return undefined;
  const readParameter = (name: string): string | undefined =>
    new RegExp(`[ ,]${name}="([^"\\\\]{0,500})"`).exec(header)?.[1];
  return toRefusal(
    { code: readParameter('error'), description: readParameter('error_description') },
    secrets,
  );
}

/**
 * Milliseconds from now; `undefined` for anything that is neither a number of seconds nor an HTTP date.
 *
 * @see RFC 9110, section 10.2.3
 */
export function parseRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = / GMT$/.test(header) && header.length <= 40 ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
