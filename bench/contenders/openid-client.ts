import type { Strategy as PassportStrategy } from 'passport';
import { addSessions, type Contender, credentials, mountStrategy, type Site, toEndpoints } from './contender';

/** Loaded by its own server only. */
async function createStrategy(site: Site): Promise<PassportStrategy> {
  const openid = await import('openid-client');
  const { Strategy } = await import('openid-client/passport');
  const { authorizationURL, tokenURL, userProfileURL } = toEndpoints(site);
  const server = {
    issuer: site.upstreamURL,
    authorization_endpoint: authorizationURL,
    token_endpoint: tokenURL,
    userinfo_endpoint: userProfileURL,
    code_challenge_methods_supported: ['S256'],
  };
  const config = new openid.Configuration(server, credentials.clientID, credentials.clientSecret);
  // The upstream is on a loopback port.
  openid.allowInsecureRequests(config);
  const options = { config, callbackURL: site.callbackURL, scope: 'profile' };
  // Its types know no other strategy's `this`.
  const strategy: unknown = new Strategy(options, (tokens, verified) => {
    const profile = openid.fetchUserInfo(config, tokens.access_token, openid.skipSubjectCheck as never);
    profile.then((user) => verified(null, user as Express.User), verified);
  });
  return strategy as PassportStrategy;
}

const mount: Contender['mount'] = async (app, site) => {
  addSessions(app);
  mountStrategy(app, await createStrategy(site));
};

export const openidContender: Contender = { name: 'openid-client (PKCE)', kind: 'passport', mount };
