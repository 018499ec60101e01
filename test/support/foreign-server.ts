import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CookieBrowser } from './cookie-browser';
import { WebServer } from './web-server';

// oidc-provider comes without types; this is what is used of it.
interface Provider {
  callback(): RequestListener;
}
type ProviderConstructor = new (issuer: string, configuration: object) => Provider;

export interface ForeignServer extends AsyncDisposable {
  /** Lets a client in, and begins to answer. */
  register(client: { clientID: string; clientSecret: string; callbackURL: string }): void;
  authorizationURL: string;
  tokenURL: string;
  userProfileURL: string;
}

const configuration = {
  pkce: { required: () => true },
  scopes: ['openid', 'profile'],
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: (_context: unknown, id: string) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `${id} of elsewhere` }),
  }),
};

/**
 * `oidc-provider`, which demands and checks PKCE, behind an adapter for the two things Metafy does differently:
 * it takes token requests as JSON, and answers the profile as `{ user: { id } }`.
 */
export async function startForeignServer(): Promise<ForeignServer> {
  const unmute = muteProvider();
  const server = await WebServer.start();
  const adapter = await WebServer.start();
  const Provider = await importProvider();

  const foreign: ForeignServer = {
    authorizationURL: `${server.url}/auth`,
    tokenURL: `${adapter.url}/token`,
    userProfileURL: `${adapter.url}/me`,
    register({ clientID, clientSecret, callbackURL }) {
      const client = {
        client_id: clientID,
        client_secret: clientSecret,
        redirect_uris: [callbackURL],
        token_endpoint_auth_method: 'client_secret_post',
      };
      const provider = new Provider(server.url, { ...configuration, clients: [client] });
      server.handle(provider.callback());
    },
    async [Symbol.asyncDispose]() {
      await adapter[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      unmute();
    },
  };
  adapter.handle(async (req, res) => {
    const isToken = req.url === '/token';
    const response = isToken
      ? await fetch(`${server.url}/token`, { method: 'POST', body: new URLSearchParams(JSON.parse(await text(req))) })
      : await fetch(`${server.url}/me`, { headers: { Authorization: String(req.headers.authorization) } });
    const { status } = response;
    const answer = (await response.json()) as Record<string, unknown>;
    res.writeHead(status, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify(isToken ? answer : { user: { id: answer.sub, ...answer } }));
  });
  return foreign;
}

/** Signs in and consents on the server's own pages: the URL it sends the browser back to. */
export async function signInThere(browser: CookieBrowser, authorizationURL: string, person: string): Promise<string> {
  const { origin } = new URL(authorizationURL);
  let url = authorizationURL;
  for (let step = 0; step < 10 && url.startsWith(origin); step++) {
    const page = await browser.get(url);
    if (page.location) {
      url = page.location;
      continue;
    }
    const action = /<form [^>]*action="([^"]+)"/.exec(page.body)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(page.body)?.[1];
    if (!action || !prompt) throw new Error(`no form in the answer ${page.status} of ${url}: ${page.body}`);
    const body = new URLSearchParams({
      prompt,
      ...(prompt === 'login' && { login: person, password: 'any' }),
    });
    url = (await browser.post(action, 'application/x-www-form-urlencoded', String(body))).location;
  }
  return url;
}

async function importProvider(): Promise<ProviderConstructor> {
  // Not a literal, since there are no types to find.
  const name: string = 'oidc-provider';
  const module = (await import(name)) as { Provider: ProviderConstructor };
  return module.Provider;
}

/** It warns that its pages and keys are for development only, and that Node 20 is old. */
function muteProvider(): () => void {
  const { warn, info } = console;
  const isAbout = ([text]: unknown[]): boolean => String(text).includes('oidc-provider');
  console.warn = (...line) => isAbout(line) || warn(...line);
  console.info = (...line) => isAbout(line) || info(...line);
  return () => Object.assign(console, { warn, info });
}
