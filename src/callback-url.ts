import type { IncomingMessage } from 'node:http';

/** What is read of a request; `app` is Express's. */
export type CallbackURLRequest = IncomingMessage & {
  app?: { get?(setting: string): unknown };
};

/**
 * Makes `callbackURL` absolute; a relative one is resolved against the URL the browser asked for. Behind a proxy
 * that URL is in `X-Forwarded-Proto` and `X-Forwarded-Host`, which count only when `trustProxy` or Express's
 * `trust proxy` says so. `undefined` when the request's `Host` is no host.
 */
export function resolveCallbackURL(
  callbackURL: string,
  req: CallbackURLRequest,
  trustProxy: boolean | undefined,
): string | undefined {
  if (isAbsoluteURL(callbackURL)) return callbackURL;
  const isTrusted = trustProxy || Boolean(req.app?.get?.('trust proxy'));
  const readForwarded = (name: string): string | undefined =>
    isTrusted
      ? String(req.headers[name] ?? '')
          .split(',', 1)[0]
          ?.trim()
      : undefined;

  const isSecure =
    (req.socket as { encrypted?: boolean } | undefined)?.encrypted === true ||
    readForwarded('x-forwarded-proto')?.toLowerCase() === 'https';
  const host = readForwarded('x-forwarded-host') || req.headers.host;
  const requested = `${isSecure ? 'https' : 'http'}://${host}${req.url ?? ''}`;
  return host && URL.canParse(callbackURL, requested) ? new URL(callbackURL, requested).href : undefined;
}

export function isAbsoluteURL(url: string): boolean {
  return /^https?:\/\//i.test(url);
}
