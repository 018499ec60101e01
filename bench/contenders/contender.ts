import type { Express } from 'express';
import { Passport, type Strategy } from 'passport';

/** Where a contender is mounted, and what it is given. */
export interface Site {
  callbackURL: string;
  upstreamURL: string;
  /** The build of passport-metafy. */
  dist: string;
}

/** What is compared: two routes, `/start` and `/callback`, which answers the id of the user who signed in. */
export interface Contender {
  name: string;
  kind: 'ours' | 'Passport peer' | 'peer' | 'floor';
  mount: (app: Express, site: Site) => void | Promise<void>;
}

export const credentials = { clientID: 'client', clientSecret: 'the secret of the client' };

/** The endpoints of the upstream, by passport-oauth2's names. */
export function toEndpoints({ upstreamURL }: Site) {
  return {
    authorizationURL: `${upstreamURL}/authorize`,
    tokenURL: `${upstreamURL}/token`,
    userProfileURL: `${upstreamURL}/userinfo`,
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
