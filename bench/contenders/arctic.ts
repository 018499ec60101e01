import { parse, serialize } from 'cookie';
import { type Contender, credentials, mountHandlers, type Site, toEndpoints } from './contender';

const cookieOptions = { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 600 } as const;

/** As arctic's documentation has it: state and verifier in a cookie each, and `fetch` for the profile. */
async function createSignIn(site: Site) {
  const { CodeChallengeMethod, generateCodeVerifier, generateState, OAuth2Client } = await import('arctic');
  const { authorizationURL, tokenURL, userProfileURL } = toEndpoints(site);
  const client = new OAuth2Client(credentials.clientID, credentials.clientSecret, site.callbackURL);
  return {
    start() {
      const [state, verifier] = [generateState(), generateCodeVerifier()];
      const url = client.createAuthorizationURLWithPKCE(authorizationURL, state, CodeChallengeMethod.S256, verifier, [
        'profile',
      ]);
      const cookies = Object.entries({ state, code_verifier: verifier });
      return { location: url.href, cookies: cookies.map(([name, value]) => serialize(name, value, cookieOptions)) };
    },
    async finish(query: { code?: string; state?: string }, cookie = '') {
      const [{ code, state }, cookies] = [query, parse(cookie)];
      if (!code || !state || state !== cookies.state || !cookies.code_verifier) throw new Error('unknown state');
      const tokens = await client.validateAuthorizationCode(tokenURL, code, cookies.code_verifier);
      const headers = { Authorization: `Bearer ${tokens.accessToken()}` };
      return ((await (await fetch(userProfileURL, { headers })).json()) as { id: string }).id;
    },
  };
}

const mount: Contender['mount'] = async (app, site) => {
  const { start, finish } = await createSignIn(site);
  app.get('/start', (_req, res) => {
    const { location, cookies } = start();
    res.appendHeader('Set-Cookie', cookies).redirect(location);
  });
  app.get('/callback', async (req, res) => {
    res.end(await finish(req.query, req.headers.cookie));
  });
};

const mountWeb: Contender['mount'] = async (app, site) => {
  const { start, finish } = await createSignIn(site);
  mountHandlers(app, {
    start() {
      const { location, cookies } = start();
      const response = new Response(null, { status: 302, headers: { Location: location } });
      for (const line of cookies) response.headers.append('Set-Cookie', line);
      return response;
    },
    finish: async ({ url, headers }) =>
      new Response(await finish(Object.fromEntries(new URL(url).searchParams), headers.get('cookie') ?? '')),
  });
};

export const arctic: Contender = { name: 'arctic (state + PKCE)', kind: 'library', mount };
export const arcticWeb: Contender = { name: 'arctic, with Request and Response', kind: 'library', mount: mountWeb };
