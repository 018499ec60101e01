import diagnostics from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Request as ExpressRequest, Response as ExpressResponse } from 'express';
import type { MetafyStrategyOptions } from '../../dist';
import { type Contender, credentials, mountStrategy, type Site } from './contender';
import { keepSessions } from './session';

/** This checkout's build. */
export const ownDist = join(__dirname, '../../dist');

function createStrategy(site: Site, options: Partial<MetafyStrategyOptions> = {}) {
  const { MetafyStrategy } = require(site.dist) as typeof import('../../dist');
  const { upstreamURL: baseURL, callbackURL } = site;
  return new MetafyStrategy(
    { ...credentials, baseURL, callbackURL, ...options },
    ({ profile }) => profile as Express.User,
  );
}

/** Only their ratio to plain `passport-metafy` is of interest. */
export const traced = 'passport-metafy with a subscriber to its tracing channel';
export const untraced = 'passport-metafy without its tracing channel';
export const web = 'passport-metafy/web';

const strategies: Contender[] = [
  {
    name: 'passport-metafy',
    kind: 'ours',
    mount: (app, site) => mountStrategy(app, createStrategy(site)),
  },
  {
    // What an application pays that has express-session anyway, for the users who are signed in.
    name: 'passport-metafy beside express-session',
    kind: 'ours',
    mount: (app, site) => {
      app.use(keepSessions());
      mountStrategy(app, createStrategy(site));
    },
  },
  {
    name: 'passport-metafy with `state: true` (express-session)',
    kind: 'ours',
    mount: (app, site) => {
      app.use(keepSessions());
      mountStrategy(app, createStrategy(site, { state: true }));
    },
  },
  {
    name: traced,
    kind: 'ours',
    mount: (app, site) => {
      const ignore = () => {};
      const handlers = { start: ignore, end: ignore, asyncStart: ignore, asyncEnd: ignore, error: ignore };
      diagnostics.tracingChannel('passport-metafy:request').subscribe(handlers);
      mountStrategy(app, createStrategy(site));
    },
  },
  {
    name: untraced,
    kind: 'ours',
    mount: (app, site) => {
      // Before the package is loaded, which makes its channel then.
      Object.assign(diagnostics, { tracingChannel: () => noChannel });
      mountStrategy(app, createStrategy(site));
    },
  },
];

const noEvents = { hasSubscribers: false, publish() {} };
const noChannel = {
  ...{ start: noEvents, end: noEvents, asyncStart: noEvents, asyncEnd: noEvents, error: noEvents },
  hasSubscribers: false,
  tracePromise: (
    task: (...args: unknown[]) => unknown,
    _context: object,
    self: unknown,
    ...args: unknown[]
  ) => task.apply(self, args),
};

interface MetafySignIn {
  start(request: Request): Promise<Response>;
  finish(request: Request): Promise<{ profile: { id: string }; headers: Headers }>;
}

/** In Express as the others are, so that what the server itself takes is the same for all. */
const webContender: Contender = {
  name: web,
  kind: 'ours',
  mount: (app, { dist, upstreamURL: baseURL, callbackURL }) => {
    const { MetafySignIn } = require(join(dist, 'web')) as {
      MetafySignIn: new (options: object) => MetafySignIn;
    };
    const signIn = new MetafySignIn({ ...credentials, baseURL, callbackURL });
    app.get('/start', async (req, res) => sendResponse(res, await signIn.start(toRequest(req))));
    app.get('/callback', async (req, res) => {
      const { profile, headers } = await signIn.finish(toRequest(req));
      await sendResponse(res, new Response(profile.id, { headers }));
    });
  },
};

function toRequest({ headers, originalUrl }: ExpressRequest): Request {
  return new Request(`http://${headers.host}${originalUrl}`, { headers: headers as Record<string, string> });
}

async function sendResponse(res: ExpressResponse, response: Response): Promise<void> {
  res.statusCode = response.status;
  for (const [name, value] of response.headers) res.appendHeader(name, value);
  res.end(response.body ? await response.text() : undefined);
}

export const metafyContenders = existsSync(join(ownDist, 'web')) ? [...strategies, webContender] : strategies;
