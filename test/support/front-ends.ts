import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parse } from 'cookie';
import type { Request as PassportRequest } from 'express';
import { CookieStateStore, type MetafyClientOptions, MetafyStrategy } from '../../src';
import { MetafySignIn, MetafySignInError } from '../../src/web';
import { callbackPath, shop } from './sign-in-app';
import { type Outcome, runStrategy } from './strategy-run';
import { WebServer, type WebServerOptions } from './web-server';

export interface SignInOptions extends MetafyClientOptions {
  callbackURL: string;
  scope?: string;
  /** Seals the cookies, instead of the client secret. */
  secret?: string | readonly string[];
  /** Only with `secret`. */
  maxAgeMs?: number;
}

/** What one sign-in may have of its own. */
export interface RequestOptions {
  state?: object | string;
  scope?: string;
  callbackURL?: string;
}

/** The routes of a sign-in. They end in Passport's terms, and have set their cookies and headers on `req.res`. */
export interface SignIn {
  start(req: PassportRequest, options?: RequestOptions): Promise<Outcome>;
  finish(req: PassportRequest, options?: RequestOptions): Promise<Outcome>;
}

/** A way to sign in that keeps the pending sign-in in the sealed cookie. */
export interface FrontEnd {
  name: string;
  /** @throws TypeError naming the option at fault */
  create(options: SignInOptions): SignIn;
}

const passportFrontEnd: FrontEnd = {
  name: 'MetafyStrategy',
  create(options) {
    const { secret = '', maxAgeMs } = options;
    const store = 'secret' in options ? new CookieStateStore({ secret, maxAgeMs }) : undefined;
    const strategy = new MetafyStrategy({ ...options, store }, ({ profile }) => profile);
    const authenticate = (req: PassportRequest, perRequest?: RequestOptions) => runStrategy(strategy, req, perRequest);
    return { start: authenticate, finish: authenticate };
  },
};

const webFrontEnd: FrontEnd = {
  name: 'MetafySignIn',
  create(options) {
    const signIn = new MetafySignIn(options);
    return {
      async start(req, perRequest) {
        try {
          const { headers } = await signIn.start(toFetchRequest(req), perRequest);
          copyHeaders(headers, req);
          const text = headers.get('Location') ?? '';
          return { type: 'redirect', url: new URL(text), text };
        } catch (error) {
          return { type: 'error', error: error as Error };
        }
      },
      async finish(req, perRequest) {
        try {
          const { profile, state, headers } = await signIn.finish(toFetchRequest(req), perRequest);
          copyHeaders(headers, req);
          return { type: 'success', user: profile, info: state === undefined ? {} : { state } };
        } catch (error) {
          if (!(error instanceof MetafySignInError)) return { type: 'error', error: error as Error };
          if (error.headers) copyHeaders(error.headers, req);
          const { message, code, oauthCode, status } = error;
          return { type: 'fail', challenge: { message, code: oauthCode ?? code }, status };
        }
      },
    };
  },
};

export const frontEnds: readonly FrontEnd[] = [passportFrontEnd, webFrontEnd];

/** The request of `node:http` as a framework hands it on. */
export function toFetchRequest(req: PassportRequest): Request {
  const isSecure = req.secure === true || (req.socket as { encrypted?: boolean }).encrypted === true;
  const url = new URL(req.url, `${isSecure ? 'https' : 'http'}://${req.headers.host}`);
  return new Request(url, { method: req.method || 'GET', headers: req.headers as Record<string, string> });
}

function copyHeaders(headers: Headers, { res }: PassportRequest): void {
  for (const [name, value] of headers) if (name !== 'set-cookie') res?.setHeader(name, value);
  for (const line of headers.getSetCookie()) res?.appendHeader('Set-Cookie', line);
}

export interface SignInSiteOptions extends Partial<SignInOptions> {
  /** For the route that starts a sign-in. */
  start?: RequestOptions;
  server?: WebServerOptions;
  /** Sees every request before anything else. */
  onRequest?: (req: IncomingMessage) => void;
}

export interface SignInSite extends AsyncDisposable {
  url: string;
  port: number;
  startURL: string;
  callbackURL: string;
}

/**
 * An application over real sockets: `/auth/metafy`; its callback, which answers `{ user, authInfo }` and keeps the person
 * signed in, or `{ error }` with the status; and `/me`, which answers `{ user }`.
 */
export async function startSignInSite(frontEnd: FrontEnd, options: SignInSiteOptions): Promise<SignInSite> {
  const { start, onRequest, server: serverOptions, ...signInOptions } = options;
  const server = await WebServer.start(serverOptions);
  const [startURL, callbackURL] = [`${server.url}/auth/metafy`, server.url + callbackPath];
  const signIn = frontEnd.create({ ...shop, callbackURL, ...signInOptions });
  const sessions = new Map<string, unknown>();

  server.handle(async (req, res) => {
    onRequest?.(req);
    const answer = (status: number, body: object) =>
      res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    const path = req.url?.split('?')[0];
    if (path === '/me') {
      answer(200, { user: sessions.get(parse(req.headers.cookie ?? '').session ?? '') ?? null });
      return;
    }
    const request = Object.assign(req, { res }) as unknown as PassportRequest;
    const outcome = await (path === '/auth/metafy' ? signIn.start(request, start) : signIn.finish(request));
    if (outcome.type === 'redirect') res.writeHead(302, { Location: outcome.text }).end();
    else if (outcome.type === 'fail') answer(outcome.status ?? 401, { error: outcome.challenge });
    else if (outcome.type === 'error') {
      const { name, message, code, status = 500 } = outcome.error;
      answer(status, { error: { name, message, code } });
    } else {
      const session = randomUUID();
      sessions.set(session, outcome.user);
      res.appendHeader('Set-Cookie', `session=${session}; Path=/; HttpOnly; SameSite=Lax`);
      answer(200, { user: outcome.user, authInfo: outcome.info });
    }
  });
  const stop = () => server[Symbol.asyncDispose]();
  return { url: server.url, port: server.port, startURL, callbackURL, [Symbol.asyncDispose]: stop };
}
