import type { IncomingMessage } from 'node:http';
import type express from 'express';
import type { ErrorRequestHandler } from 'express';
import { Passport } from 'passport';
import { MetafyError, MetafyStrategy } from '../../../src';
import { MetafySignIn } from '../../../src/web';
import { toFetchRequest } from '../../support/front-ends';
import { WebServer } from '../../support/web-server';
import { RawConnection } from './raw-connection';
import type { StubMetafy } from './stub-metafy';

/** A login that waits for its callback, in the browser of `userName`. */
export interface PendingLogin {
  path: string;
  userName: string;
  state: string;
  code: string;
  cookie: { name: string; value: string };
}

export interface FuzzedApp extends AsyncDisposable {
  port: number;
  logins: PendingLogin[];
  /** What has reached Express as an error, until it is taken away. */
  errors: unknown[];
}

export const clientSecret = 'canary-client-secret';

/** Callbacks that are absolute and relative, behind a trusted proxy, with Express's own error page. */
export async function startFuzzedApp(framework: typeof express, metafy: StubMetafy): Promise<FuzzedApp> {
  const server = await WebServer.start({ maxHeaderSize: 64 * 1024 });
  const passport = new Passport();
  const app = framework();
  app.set('env', 'test');
  app.set('trust proxy', true);
  app.use(framework.json(), framework.urlencoded({ extended: true }));

  for (const [path, callbackURL] of [
    ['/absolute', `${server.url}/absolute`],
    ['/relative', '/relative'],
  ] as const) {
    const client = { clientID: 'fuzzed', clientSecret, baseURL: metafy.url };
    const strategy = new MetafyStrategy({ ...client, callbackURL }, ({ profile }) => profile);
    passport.use(path, strategy);
    app.all(path, passport.authenticate(path, { session: false }), (req, res) => {
      res.json({ userName: (req.user as { id: string }).id, authInfo: req.authInfo });
    });
  }
  const errors: unknown[] = [];
  const note: ErrorRequestHandler = (error, _req, _res, next) => {
    errors.push(error);
    next(error);
  };
  app.use(note);
  server.handle(app);

  return finishSetUp(server, metafy, errors);
}

/** The same with `MetafySignIn`, where a path starts a sign-in when it has no query, and finishes one otherwise. */
export async function startFuzzedSite(metafy: StubMetafy): Promise<FuzzedApp> {
  const server = await WebServer.start({ maxHeaderSize: 64 * 1024 });
  const client = { clientID: 'fuzzed', clientSecret, baseURL: metafy.url };
  const signIns = new Map(
    ['/absolute', '/relative'].map((path) => {
      const callbackURL = path === '/absolute' ? server.url + path : path;
      return [path, new MetafySignIn({ ...client, callbackURL })];
    }),
  );
  const errors: unknown[] = [];
  server.handle(async (req, res) => {
    const [path = '', query] = (req.url ?? '').split('?', 2);
    const signIn = signIns.get(path);
    const request = tryToFetchRequest(req);
    // A framework answers these by itself.
    if (!signIn || !request) return res.writeHead(400, { 'Content-Length': 0 }).end();
    const answer = (status: number, body: object, headers = new Headers()) => {
      for (const [name, value] of headers) if (name !== 'set-cookie') res.setHeader(name, value);
      const text = JSON.stringify(body);
      const written = { 'Set-Cookie': headers.getSetCookie(), 'Content-Type': 'application/json' };
      res.writeHead(status, { ...written, 'Content-Length': Buffer.byteLength(text) }).end(text);
    };
    try {
      if (!query) return answer(302, {}, (await signIn.start(request)).headers);
      const { profile, state, headers } = await signIn.finish(request);
      return answer(200, { userName: profile.id, state }, headers);
    } catch (error) {
      errors.push(error);
      if (!(error instanceof MetafyError)) return answer(500, {});
      const { status, code, message } = error;
      return answer(status, { code, message });
    }
  });
  return finishSetUp(server, metafy, errors);
}

/** `undefined` where the `Host` header is none. */
function tryToFetchRequest(req: IncomingMessage): Request | undefined {
  try {
    return toFetchRequest(req as never);
  } catch {
    return undefined;
  }
}

async function finishSetUp(server: WebServer, metafy: StubMetafy, errors: unknown[]): Promise<FuzzedApp> {
  const { port } = server;
  const logins: PendingLogin[] = [];
  for (const path of ['/absolute', '/relative']) {
    for (const person of ['ada', 'grace', 'eve']) {
      logins.push(await startLogin(port, path, `${person}-${path.slice(1)}`, metafy));
    }
  }
  return { port, logins, errors, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function startLogin(port: number, path: string, userName: string, metafy: StubMetafy): Promise<PendingLogin> {
  const connection = new RawConnection(port);
  const { head } = await connection.send(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  connection.close();
  const [, location = ''] = /^location: (.*)$/im.exec(head) ?? [];
  const [, name = '', value = ''] = /^set-cookie: ([^=]+)=([^;]+)/im.exec(head) ?? [];
  const state = new URL(location).searchParams.get('state') ?? '';
  return { path, userName, state, code: metafy.issueCode(location, userName), cookie: { name, value } };
}
