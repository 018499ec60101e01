import type express from 'express';
import type { ErrorRequestHandler } from 'express';
import { Passport } from 'passport';
import { MetafyStrategy } from '../../../src';
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
