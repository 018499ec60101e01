import { Agent } from 'node:https';
import type { Request } from 'express';
import passport from 'passport';
import {
  CookieStateStore,
  type MetafyClassicVerify,
  type MetafyClassicVerifyWithParams,
  type MetafyClassicVerifyWithRequest,
  type MetafyClassicVerifyWithRequestAndParams,
  type MetafyDone,
  type MetafyProfile,
  MetafyStrategy,
  type MetafyStrategyOptions,
  type MetafyTokens,
  Strategy,
} from '../../src';

declare const users: {
  upsertFromMetafy(profile: MetafyProfile, tokens: MetafyTokens): Promise<{ id: number }>;
  find(id: string): { id: number } | undefined;
};

const options = {
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  callbackURL: 'https://example.com/auth/metafy/callback',
};

// As in the README.
passport.use(
  new MetafyStrategy(
    {
      clientID: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      callbackURL: process.env.METAFY_CALLBACK_URL,
    },
    async ({ profile, tokens }) => users.upsertFromMetafy(profile, tokens),
  ),
);
passport.use('another-name', new Strategy(options, async ({ profile }) => ({ id: profile.id })));

// Every option.
new MetafyStrategy(
  {
    ...options,
    baseURL: process.env.METAFY_URL,
    timeoutMs: 5000,
    agent: new Agent(),
    scope: ['profile', 'community'],
    store: new CookieStateStore({ secret: ['new', 'old'], maxAgeMs: 60_000 }),
    state: true,
    pkce: 'S256',
    skipUserProfile: () => false,
    proxy: true,
    sessionKey: 'metafy',
    customHeaders: { 'X-Tenant': 'a' },
    authorizationURL: 'https://metafy.gg/auth/authorize',
    tokenURL: 'https://metafy.gg/irk/oauth/token',
    userProfileURL: 'https://metafy.gg/irk/api/v1/me',
  },
  () => false,
);
new MetafyStrategy({ ...options, store: false, pkce: false }, () => null);
new MetafyStrategy({ ...options, skipUserProfile: (_token, done) => done(null, true) }, () => false);

// The modern shape infers its parameter.
new MetafyStrategy(options, (login) => {
  const req: Request = login.req;
  const id: string = login.profile.id;
  const username: string | undefined = login.profile.username;
  const email: string | undefined = login.profile.emails?.[0].value;
  const expiresAt: Date = login.tokens.expiresAt;
  const scope: string[] = login.tokens.scope;
  return { req, id, username, email, expiresAt, scope };
});
new MetafyStrategy({ ...options, passReqToCallback: true }, ({ req }) => ({ id: req.ip }));
new MetafyStrategy(options, ({ profile }) => users.find(profile.id) ?? false);

// The classic shapes infer theirs from their types.
const classic: MetafyClassicVerify = (accessToken, refreshToken, profile, done) =>
  done(null, { id: profile.id, length: accessToken.length + refreshToken.length });
const withParams: MetafyClassicVerifyWithParams = (_access, _refresh, params, profile, done) =>
  done(null, { id: profile.id, expiresIn: params.expires_in }, { scope: params.scope });
const withRequest: MetafyClassicVerifyWithRequest = async (req, _access, _refresh, profile, done) =>
  done(null, { id: profile.id, ip: req.ip });
const withBoth: MetafyClassicVerifyWithRequestAndParams = (req, _access, _refresh, params, profile, done) =>
  done(null, { id: profile.id, ip: req.ip, scope: params.scope });

new MetafyStrategy(options, classic);
new MetafyStrategy({ ...options, passReqToCallback: false }, classic);
new MetafyStrategy(options, withParams);
new MetafyStrategy({ ...options, passReqToCallback: true }, withRequest);
new MetafyStrategy({ ...options, passReqToCallback: true }, withBoth);

// Or are annotated, as applications of other strategies have them.
new MetafyStrategy(options, (_accessToken: string, _refreshToken: string, profile: MetafyProfile, done: MetafyDone) => {
  if (profile.emails === undefined) done(null, false, { message: 'no e-mail' });
  else if (profile.username === undefined) done(new Error('no slug'));
  else done(null, { id: profile.id });
});
new MetafyStrategy(
  { ...options, passReqToCallback: true },
  // biome-ignore lint/suspicious/noExplicitAny: as applications of passport-oauth2 have it
  async (_req: Request, _accessToken: string, _refreshToken: string, profile: any, done: any) => done(null, profile),
);

// What must not compile.
// @ts-expect-error without a callback URL
new MetafyStrategy({ clientID: 'a', clientSecret: 'b' }, () => false);
// @ts-expect-error without a secret
new MetafyStrategy({ clientID: 'a', callbackURL: '/cb' }, () => false);
// @ts-expect-error a misspelt option
new MetafyStrategy({ ...options, clientId: 'a' }, () => false);
// @ts-expect-error the method that protects nothing
new MetafyStrategy({ ...options, pkce: 'plain' }, () => false);
// @ts-expect-error a state of one's own belongs to each request
new MetafyStrategy({ ...options, state: 'a-state' }, () => false);
// @ts-expect-error a store has both methods
new MetafyStrategy({ ...options, store: { store: () => {} } }, () => false);
// @ts-expect-error no verify callback
new MetafyStrategy(options);
// @ts-expect-error a user that may be missing
new MetafyStrategy(options, ({ profile }) => users.find(profile.id));
// @ts-expect-error a promise of a user that may be missing
new MetafyStrategy(options, async ({ profile }) => users.find(profile.id));
// @ts-expect-error a forgotten `return`
new MetafyStrategy(options, async ({ profile }) => {
  users.find(profile.id);
});
// @ts-expect-error the profile may have no name
new MetafyStrategy(options, ({ profile }) => ({ name: profile.displayName.trim() }));

// Options that are kept apart.
const kept: MetafyStrategyOptions = { ...options, scope: 'profile' };
new MetafyStrategy(kept, ({ profile }) => ({ id: profile.id }));
// Whether the request is passed is not known here.
new MetafyStrategy(kept, classic);
