import type { IncomingMessage } from 'node:http';
import { isAbsoluteURL } from '../authorization/request';

/** What is read of a request, beside what `node:http` has: where it leads to, in the words of its framework. */
export type CallbackURLRequest = Partial<Pick<IncomingMessage, 'headers' | 'socket' | 'url'>> & {
  /** Express's. */
  app?: { get?(setting: string): unknown };
  /** Fastify's mark, and what it has found out itself. */
  raw?: unknown;
  protocol?: string;
  host?: string;
  /** koa-passport's. */
  ctx?: { protocol?: string; host?: string };
};

/**
 * Makes `callbackURL` absolute; a relative one is resolved against the URL that the browser asked for. Behind a proxy
 * that URL is in `X-Forwarded-Proto` and `X-Forwarded-Host`. They count when `proxy` is true or, unless it is false, when
 * the framework trusts this very peer: Express by `trust proxy`, Fastify by `trustProxy`, Koa by `app.proxy`.
 *
 * @returns `undefined` when the request names no usable host
 */
export function resolveCallbackURL(
  callbackURL: string,
  req: CallbackURLRequest,
  proxy: boolean | undefined,
): string | undefined {
  if (isAbsoluteURL(callbackURL)) return callbackURL;
  const { protocol, host } = findOrigin(req, proxy);
  // Without the origin of a request line in absolute form, which proxies send (RFC 9112, section 3.2.2).
  const path = (req.url ?? '').replace(/^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]*)?\/?/i, '/');
  const requested = `${protocol}://${host}${path}`;
  return host && URL.canParse(callbackURL, requested) ? new URL(callbackURL, requested).href : undefined;
}

interface Origin {
  protocol: string;
  host: string | undefined;
}

function findOrigin(req: CallbackURLRequest, proxy: boolean | undefined): Origin {
  const { headers = {}, socket } = req;
  const isEncrypted = (socket as { encrypted?: boolean } | undefined)?.encrypted === true;
  const direct = {
    protocol: isEncrypted ? 'https' : 'http',
    host: headers.host ?? headers[':authority'],
  } as Origin;
  if (proxy === false) return direct;
  const framework = req.ctx ?? (req.raw ? req : undefined);
  if (proxy === undefined && framework?.protocol && framework.host) return framework as Origin;

  const trusts = req.app?.get?.('trust proxy fn') as ((address: unknown, hop: number) => boolean) | undefined;
  if (proxy !== true && !(typeof trusts === 'function' && trusts(socket?.remoteAddress, 0))) return direct;
  const readForwarded = (name: string) =>
    String(headers[name] ?? '')
      .replace(/,.*/, '')
      .trim();
  const protocol = readForwarded('x-forwarded-proto').toLowerCase();
  return {
    protocol: /^https?$/.test(protocol) ? protocol : direct.protocol,
    host: readForwarded('x-forwarded-host') || direct.host,
  };
}
