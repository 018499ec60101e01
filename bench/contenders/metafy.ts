import diagnostics from 'node:diagnostics_channel';
import { join } from 'node:path';
import type * as express from 'express';
import type { MetafyStrategyOptions } from '../../dist';
import { addSessions, type Contender, credentials, mountHandlers, mountStrategy } from './contender';

/** This checkout's build. */
export const ownDist = join(__dirname, '../../dist');

type Prepare = (app: express.Express) => void;
type Options = Partial<MetafyStrategyOptions>;

function createContender(name: string, prepare: Prepare = () => {}, options: Options = {}): Contender {
  const mount: Contender['mount'] = (app, { dist, upstreamURL: baseURL, callbackURL }) => {
    prepare(app);
    const { MetafyStrategy } = require(dist) as typeof import('../../dist');
    const verify = ({ profile }: { profile: object }) => profile as Express.User;
    mountStrategy(app, new MetafyStrategy({ ...credentials, baseURL, callbackURL, ...options }, verify));
  };
  return { name, kind: 'ours', mount };
}

const ignore = () => {};
const handlers = { start: ignore, end: ignore, asyncStart: ignore, asyncEnd: ignore, error: ignore };
const subscribe = () => diagnostics.tracingChannel('passport-metafy:request').subscribe(handlers);

/** As if the package had no channel: called before the package is loaded, which makes its channel then. */
function removeChannels(): void {
  const noEvents = { hasSubscribers: false, publish: ignore };
  const tracePromise = (task: () => unknown, _context: object, self: unknown, ...args: []) => task.apply(self, args);
  const events = Object.fromEntries(Object.keys(handlers).map((name) => [name, noEvents]));
  Object.assign(diagnostics, { tracingChannel: () => ({ ...events, hasSubscribers: false, tracePromise }) });
}

const mountWeb: Contender['mount'] = (app, { dist, upstreamURL: baseURL, callbackURL }) => {
  const { MetafySignIn } = require(join(dist, 'web')) as typeof import('../../dist/web');
  const signIn = new MetafySignIn({ ...credentials, baseURL, callbackURL });
  mountHandlers(app, {
    start: (request) => signIn.start(request),
    async finish(request) {
      const { profile, headers } = await signIn.finish(request);
      return new Response(profile.id, { headers });
    },
  });
};

export const untraced = 'passport-metafy without its tracing channel';
export const web = 'passport-metafy/web';

export const metafyContenders: Contender[] = [
  createContender('passport-metafy'),
  createContender('passport-metafy beside express-session', addSessions),
  createContender('passport-metafy with `state: true` (express-session)', addSessions, { state: true }),
  createContender('passport-metafy with a subscriber to its tracing channel', subscribe),
  createContender(untraced, removeChannels),
  { name: web, kind: 'ours', mount: mountWeb },
];
