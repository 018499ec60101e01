import type { Strategy as PassportStrategy } from 'passport';
import { type Contender, credentials, mountStrategy, type Site, toEndpoints } from './contender';
import { keepSessions } from './session';

/** Loaded by its own server only. */
async function createStrategy(site: Site): Promise<PassportStrategy> {
  const { allowInsecureRequests, Configuration, fetchUserInfo, skipSubjectCheck } = await import(
    'openid-client'
  );
  const { Strategy } = await import('openid-client/passport');
  const { authorizationURL, tokenURL, userProfileURL } = toEndpoints(site);
  const config = new Configuration(
    {
      issuer: new URL(tokenURL).origin,
      authorization_endpoint: authorizationURL,
      token_endpoint: tokenURL,
      userinfo_endpoint: userProfileURL,
      code_challenge_methods_supported: ['S256'],
    },
    credentials.clientID,
    credentials.clientSecret,
  );
  // The upstream is on a loopback port.
  allowInsecureRequests(config);
  // Its types know no other strategy's `this`.
  const strategy: unknown = new Strategy(
    { config, callbackURL: site.callbackURL, scope: 'profile' },
    (tokens, verified) => {
      fetchUserInfo(config, tokens.access_token, skipSubjectCheck as never).then(
        (user) => verified(null, user as Express.User),
        (error) => verified(error),
      );
    },
  );
  return strategy as PassportStrategy;
}

export const openidContender: Contender = {
  name: 'openid-client (PKCE)',
  kind: 'Passport peer',
  mount: async (app, site) => {
    app.use(keepSessions());
    mountStrategy(app, await createStrategy(site));
  },
};
