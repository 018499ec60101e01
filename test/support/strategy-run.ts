import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { parse } from 'node:querystring';
import type { Request } from 'express';
import type { Strategy } from 'passport';

/** How a strategy ended, in Passport's terms. */
export type Outcome =
  | { type: 'success'; user: unknown; info: unknown }
  | { type: 'fail'; challenge: unknown; status: number | undefined }
  | { type: 'redirect'; url: URL; text: string }
  | { type: 'error'; error: Error & { code?: string; status?: number } };

export interface RequestParts {
  url?: string;
  headers?: Record<string, string>;
  cookies?: CookieJar;
  isSecure?: boolean;
  /** Whatever else a middleware puts on a request. */
  extra?: object;
}

/** A request as Express hands it to Passport: `query`, `res` and, when secure, `secure`. */
export function createRequest({ url = '/', headers, cookies, isSecure, extra }: RequestParts = {}): Request {
  const req = new IncomingMessage(new Socket());
  req.url = url;
  req.headers = { host: 'app.example', ...(cookies?.size && { cookie: toHeader(cookies) }), ...headers };
  const query = parse(url.split('?')[1] ?? '');
  return Object.assign(req, { query, res: new ServerResponse(req), secure: isSecure === true }, extra) as never;
}

/** Runs a strategy as Passport does, on an object made from it. */
export function runStrategy(strategy: Strategy, req: Request, options?: object): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const actions = {
      success: (user: unknown, info: unknown) => resolve({ type: 'success', user, info }),
      fail: (challenge: unknown, status?: number) => resolve({ type: 'fail', challenge, status }),
      redirect: (text: string) => resolve({ type: 'redirect', url: new URL(text), text }),
      error: (error: Error) => resolve({ type: 'error', error }),
      pass: () => reject(new Error('a strategy of OAuth never passes')),
    };
    Object.assign(Object.create(strategy), actions).authenticate(req, options);
  });
}

/** The outcome, when it is of this type; otherwise the test fails and shows what came. */
export async function expectOutcome<Type extends Outcome['type']>(
  type: Type,
  outcome: Promise<Outcome>,
): Promise<Extract<Outcome, { type: Type }>> {
  const came = await outcome;
  if (came.type === type) return came as Extract<Outcome, { type: Type }>;
  throw new Error(`expected ${type}`, { cause: came.type === 'error' ? came.error : came });
}

/** Name to value, as a browser would send them. */
export type CookieJar = Map<string, string>;

export function listSetCookies(req: Request): string[] {
  return [req.res?.getHeader('set-cookie') ?? []].flat() as string[];
}

/** Takes over what the response to `req` sets and clears. */
export function keepCookies(jar: CookieJar, req: Request): CookieJar {
  for (const line of listSetCookies(req)) {
    const [pair = ''] = line.split(';', 1);
    const [name = '', value = ''] = pair.split('=', 2);
    if (/;\s*max-age=0/i.test(line)) jar.delete(name);
    else jar.set(name, value);
  }
  return jar;
}

function toHeader(jar: CookieJar): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** Starts a login: where the browser is sent, with the cookies in `jar`. */
export async function startLogin(
  strategy: Strategy,
  options?: object,
  parts: RequestParts = {},
  jar: CookieJar = new Map(),
): Promise<{ url: URL; state: string; jar: CookieJar }> {
  const req = createRequest({ url: '/auth/metafy', cookies: jar, ...parts });
  const { url } = await expectOutcome('redirect', runStrategy(strategy, req, options));
  return { url, state: url.searchParams.get('state') ?? '', jar: keepCookies(jar, req) };
}

/** A whole login: starts one and comes back with `query` beside its state. */
export async function signIn(
  strategy: Strategy,
  options?: object,
  query = 'code=a-code',
  parts: RequestParts = {},
): Promise<Outcome> {
  const { state, jar } = await startLogin(strategy, options, parts);
  const url = `/auth/metafy/callback?${query}${state && `&state=${encodeURIComponent(state)}`}`;
  return runStrategy(strategy, createRequest({ ...parts, url, cookies: jar }), options);
}
