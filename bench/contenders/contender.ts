import type { Express, Request as ExpressRequest, Response as ExpressResponse } from 'express';
import session, { MemoryStore } from 'express-session';
import { Passport, type Strategy } from 'passport';

/** Where a contender is mounted: its own callback, the upstream, and the build of passport-metafy. */
export type Site = Record<'callbackURL' | 'upstreamURL' | 'dist', string>;

/** What is compared: two routes, `/start` and `/callback`, which answers the id of the user who signed in. */
export interface Contender {
  name: string;
  kind: 'ours' | 'passport' | 'library';
  mount: (app: Express, site: Site) => void | Promise<void>;
}

export const credentials = { clientID: 'client', clientSecret: 'the secret of the client' };

/** The endpoints of the upstream, by passport-oauth2's names. */
export function toEndpoints({ upstreamURL: url }: Site) {
  return {
    authorizationURL: `${url}/authorize`,
    tokenURL: `${url}/token`,
    userProfileURL: `${url}/userinfo`,
  };
}

/** The routes of a Passport strategy. What a session for the signed-in user costs is the same for all, and left out. */
export function mountStrategy(app: Express, strategy: Strategy): void {
  const passport = new Passport();
  passport.use('it', strategy);
  app.get('/start', passport.authenticate('it', { session: false }));
  app.get('/callback', passport.authenticate('it', { session: false }), (req, res) => {
    res.end((req.user as { id: string }).id);
  });
}

type Handler = (request: Request) => Response | Promise<Response>;

/** The routes of what takes a `Request` and gives a `Response`. In Express like the others, which has its cost. */
export function mountHandlers(app: Express, { start, finish }: { start: Handler; finish: Handler }): void {
  app.get('/start', async (req, res) => sendResponse(res, await start(toRequest(req))));
  app.get('/callback', async (req, res) => sendResponse(res, await finish(toRequest(req))));
}

function toRequest({ headers, originalUrl }: ExpressRequest): Request {
  return new Request(`http://${headers.host}${originalUrl}`, { headers: headers as Record<string, string> });
}

async function sendResponse(res: ExpressResponse, response: Response): Promise<void> {
  res.statusCode = response.status;
  for (const [name, value] of response.headers) res.appendHeader(name, value);
  res.end(response.body ? await response.text() : undefined);
}

export const sessionStore = new MemoryStore();

/** express-session as its documentation advises, for the contenders that keep their state in it. */
export function addSessions(app: Express): void {
  app.use(session({ secret: 'of the session', resave: false, saveUninitialized: false, store: sessionStore }));
}
