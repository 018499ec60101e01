import { AsyncLocalStorage } from 'node:async_hooks';
import http, { type ClientRequest } from 'node:http';
import express, { type ErrorRequestHandler, type Request } from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { MetafyClientCredentials, MetafyStrategy, type MetafyTokens, MetafyUserTokens } from '../../src';
import { listen } from '../http';
import { actionHeader } from './faults';

export const client = { clientID: 'soak', clientSecret: 'the secret of the soak' };

/** Far above what anything but a hang takes, also on a machine that is busy. */
const timeoutMs = 8000;
/** Above what tokens live: each time they are asked for they are replaced. */
const refreshBeforeMs = 7_300_000;

const actions = new AsyncLocalStorage<string>();

/** Each request carries the name of the action it is made for. */
class NamingAgent extends http.Agent {
  // Node calls it for each request, before its headers are sent; there is no public hook.
  addRequest(request: ClientRequest, ...rest: unknown[]): void {
    request.setHeader(actionHeader, actions.getStore() ?? '');
    const agent = http.Agent.prototype as unknown as { addRequest: (...parameters: unknown[]) => void };
    agent.addRequest.call(this, request, ...rest);
  }
}

/** An application with everything of this package in it. */
export async function startApplication(baseURL: string) {
  const agent = new NamingAgent({ keepAlive: true, timeout: 4000 });
  const options = { ...client, baseURL, agent, timeoutMs };
  const secret = 'of the tokens, with 32 characters';
  const userTokens = new MetafyUserTokens({ ...options, store: new Map(), secret, refreshBeforeMs });
  // One for each browser: calls at the same time share a request, which could be named after any of them.
  const owners = new Map<string, MetafyClientCredentials>();
  const latestTokens = new Map<string, MetafyTokens>();

  const app = express();
  app.set('env', 'test');
  const { server, url } = await listen(app);
  // Connections are the browsers' to close: one that both sides close at once loses a request.
  server.keepAliveTimeout = 0;
  const passport = new Passport();
  passport.use(
    new MetafyStrategy({ ...options, callbackURL: `${url}/auth/metafy/callback` }, async ({ profile, tokens }) => {
      await userTokens.set(profile.id, tokens);
      latestTokens.set(profile.id, tokens);
      return { id: profile.id };
    }),
  );
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: Express.User, done) => done(null, user));

  app.use((req, _res, next) => actions.run(req.get(actionHeader) ?? '', next));
  app.use(session({ secret: 'of the session', resave: false, saveUninitialized: false }));
  app.use(passport.session());
  app.get('/auth/metafy', passport.authenticate('metafy'));
  app.get('/auth/metafy/callback', passport.authenticate('metafy'), (req, res) => {
    res.json({ user: toID(req) });
  });
  app.get('/me', (req, res) => {
    res.json({ user: req.user ? toID(req) : null });
  });
  app.get('/tokens', async (req, res) => {
    const id = toID(req);
    const latest = latestTokens.get(id);
    if (req.query.aged && latest) await userTokens.set(id, { ...latest, expiresAt: new Date(0) });
    // At once, as an application's page makes several calls: one refresh serves them all.
    const tokens = await Promise.all([userTokens.get(id), userTokens.get(id), userTokens.get(id)]);
    latestTokens.set(id, tokens[0]);
    res.json({ accessTokens: tokens.map(({ accessToken }) => accessToken) });
  });
  app.post('/disconnect', async (req, res) => {
    await userTokens.revoke(toID(req));
    latestTokens.delete(toID(req));
    res.json({});
  });
  app.get('/owner/:browser', async (req, res) => {
    const owner = owners.get(req.params.browser) ?? new MetafyClientCredentials({ ...options, refreshBeforeMs });
    owners.set(req.params.browser, owner);
    const { accessToken } = await owner.getToken();
    res.json({ accessToken });
  });
  app.post('/logout', (req, res, next) => {
    req.session.destroy((error) => (error ? next(error) : res.json({})));
  });
  app.use(((error, _req, res, _next) => {
    const { code, status = 500, upstreamStatus, retryAfterMs, message } = error;
    // The message for what is no error of this package, which is always wrong here.
    res.status(status).json({ error: { code: code ?? message, status, upstreamStatus, retryAfterMs } });
  }) satisfies ErrorRequestHandler);

  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, [Symbol.dispose]: stop };
}

function toID(req: Request): string {
  return (req.user as { id: string } | undefined)?.id ?? '';
}
