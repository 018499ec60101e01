import diagnostics from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as express from 'express';
import type { MetafyStrategyOptions } from '../../dist';
import { type Contender, credentials, mountStrategy } from './contender';
import { keepSessions } from './session';

/** This checkout's build. */
export const ownDist = join(__dirname, '../../dist');

function createContender(
  name: string,
  prepare: (app: express.Express) => void = () => {},
  options: Partial<MetafyStrategyOptions> = {},
): Contender {
  const mount: Contender['mount'] = (app, { dist, upstreamURL: baseURL, callbackURL }) => {
    prepare(app);
    const { MetafyStrategy } = require(dist) as typeof import('../../dist');
    const verify = ({ profile }: { profile: object }) => profile as Express.User;
    mountStrategy(app, new MetafyStrategy({ ...credentials, baseURL, callbackURL, ...options }, verify));
  };
  return { name, kind: 'ours', mount };
}

// What an application pays that has express-session anyway, for the users who are signed in.
const addSessions = (app: express.Express) => app.use(keepSessions());

const ignore = () => {};
const handlers = { start: ignore, end: ignore, asyncStart: ignore, asyncEnd: ignore, error: ignore };
const subscribe = () => diagnostics.tracingChannel('passport-metafy:request').subscribe(handlers);

// What the package costs that has no channel at all; before it is loaded, which makes its channel then.
const removeChannels = () => {
  const noEvents = { hasSubscribers: false, publish: ignore };
  const events = Object.keys(handlers).map((name) => [name, noEvents]);
  const tracePromise = (
    task: (...args: unknown[]) => unknown,
    _context: unknown,
    self: unknown,
    ...args: []
  ) => task.apply(self, args);
  const channel = { ...Object.fromEntries(events), hasSubscribers: false, tracePromise };
  Object.assign(diagnostics, { tracingChannel: () => channel });
};

interface MetafySignIn {
  start(request: Request): Promise<Response>;
  finish(request: Request): Promise<{ profile: { id: string }; headers: Headers }>;
}

/** In Express like the others, so that the server itself takes the same. */
const mountWeb: Contender['mount'] = (app, { dist, upstreamURL: baseURL, callbackURL }) => {
  const module = require(join(dist, 'web')) as { MetafySignIn: new (options: object) => MetafySignIn };
  const signIn = new module.MetafySignIn({ ...credentials, baseURL, callbackURL });
  app.get('/start', async (req, res) => sendResponse(res, await signIn.start(toRequest(req))));
  app.get('/callback', async (req, res) => {
    const { profile, headers } = await signIn.finish(toRequest(req));
    await sendResponse(res, new Response(profile.id, { headers }));
  });
};

function toRequest({ headers, originalUrl }: express.Request): Request {
  return new Request(`http://${headers.host}${originalUrl}`, { headers: headers as Record<string, string> });
}

async function sendResponse(res: express.Response, response: Response): Promise<void> {
  res.statusCode = response.status;
  for (const [name, value] of response.headers) res.appendHeader(name, value);
  res.end(response.body ? await response.text() : undefined);
}

export const untraced = 'passport-metafy without its tracing channel';
export const web = 'passport-metafy/web';
const hasWeb = existsSync(join(ownDist, 'web'));

export const metafyContenders: Contender[] = [
  createContender('passport-metafy'),
  createContender('passport-metafy beside express-session', addSessions),
  createContender('passport-metafy with `state: true` (express-session)', addSessions, { state: true }),
  createContender('passport-metafy with a subscriber to its tracing channel', subscribe),
  createContender(untraced, removeChannels),
  ...(hasWeb ? [{ name: web, kind: 'ours' as const, mount: mountWeb }] : []),
];
