import { parse, serialize } from 'cookie';
import { type Contender, credentials, toEndpoints } from './contender';

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 600 } as const;

/** The routes of arctic's documentation: state and verifier in a cookie each, and `fetch` for the profile. */
const mount: Contender['mount'] = async (app, site) => {
  const { CodeChallengeMethod, generateCodeVerifier, generateState, OAuth2Client } = await import('arctic');
  const { authorizationURL, tokenURL, userProfileURL } = toEndpoints(site);
  const client = new OAuth2Client(credentials.clientID, credentials.clientSecret, site.callbackURL);
  const { S256 } = CodeChallengeMethod;

  app.get('/start', (_req, res) => {
    const [state, verifier] = [generateState(), generateCodeVerifier()];
    const url = client.createAuthorizationURLWithPKCE(authorizationURL, state, S256, verifier, ['profile']);
    res.appendHeader('Set-Cookie', serialize('state', state, cookieOptions));
    res.appendHeader('Set-Cookie', serialize('code_verifier', verifier, cookieOptions));
    res.redirect(url.href);
  });

  app.get('/callback', async (req, res) => {
    const { code, state } = req.query as { code?: string; state?: string };
    const cookies = parse(req.headers.cookie ?? '');
    if (!code || !state || state !== cookies.state || !cookies.code_verifier) throw new Error('unknown state');
    const tokens = await client.validateAuthorizationCode(tokenURL, code, cookies.code_verifier);
    const headers = { Authorization: `Bearer ${tokens.accessToken()}` };
    const user = (await (await fetch(userProfileURL, { headers })).json()) as { id: string };
    res.end(user.id);
  });
};

export const arcticContender: Contender = { name: 'arctic (state + PKCE)', kind: 'library', mount };
