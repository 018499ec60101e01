import type { Strategy as PassportStrategy } from 'passport';
import { type Contender, type ContenderURLs, credentials, mountStrategy } from './contender';
import { keepSessions } from './session';

/** Loaded by its own server only. */
async function createStrategy(urls: ContenderURLs): Promise<PassportStrategy> {
  const { allowInsecureRequests, Configuration, fetchUserInfo, skipSubjectCheck } = await import(
    'openid-client'
  );
  const { Strategy } = await import('openid-client/passport');
  const config = new Configuration(
    {
      issuer: new URL(urls.tokenURL).origin,
      authorization_endpoint: urls.authorizationURL,
      token_endpoint: urls.tokenURL,
      userinfo_endpoint: urls.userProfileURL,
      code_challenge_methods_supported: ['S256'],
    },
    credentials.clientID,
    credentials.clientSecret,
  );
  // The upstream is on a loopback port.
  allowInsecureRequests(config);
  // Its types know no other strategy's `this`.
  const strategy: unknown = new Strategy(
    { config, callbackURL: urls.callbackURL, scope: 'profile' },
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
  mount: async (app, urls) => {
    app.use(keepSessions());
    mountStrategy(app, await createStrategy(urls));
  },
};
