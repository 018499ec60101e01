import { MetafyClientCredentials } from '../../dist';
import { answerQuestions } from './answer-questions';

/* Many callers in one process that all want the application's token (client credentials) at the same time. */

type GetToken = () => Promise<unknown>;

const id = 'client';
const secret = 'the secret of the client';

const libraries: Record<string, (upstreamURL: string) => Promise<GetToken>> = {
  async 'passport-metafy'(upstreamURL) {
    // The token URL derives from this one, and the upstream answers every path that begins with it.
    const credentials = new MetafyClientCredentials({
      clientID: id,
      clientSecret: secret,
      baseURL: `${upstreamURL}/token`,
    });
    return () => credentials.getToken();
  },
  async 'openid-client'(upstreamURL) {
    const { allowInsecureRequests, clientCredentialsGrant, Configuration } = await import('openid-client');
    const config = new Configuration(
      { issuer: upstreamURL, token_endpoint: `${upstreamURL}/token` },
      id,
      secret,
    );
    allowInsecureRequests(config);
    return () => clientCredentialsGrant(config);
  },
  async 'simple-oauth2'(upstreamURL) {
    const { ClientCredentials } = require('simple-oauth2') as SimpleOAuth2;
    const auth = { tokenHost: upstreamURL, tokenPath: '/token' };
    const credentials = new ClientCredentials({ client: { id, secret }, auth });
    return () => credentials.getToken({});
  },
};

/** It comes without types. */
interface SimpleOAuth2 {
  ClientCredentials: new (options: object) => { getToken(parameters: object): Promise<unknown> };
}

let getToken: GetToken;

answerQuestions({
  async prepare({ library, upstreamURL }: { library: string; upstreamURL: string }) {
    getToken = (await libraries[library]?.(upstreamURL)) as GetToken;
  },
  async call({ callers }: { callers: number }) {
    const before = process.cpuUsage();
    const beganMs = performance.now();
    await Promise.all(Array.from({ length: callers }, getToken));
    const wallMs = performance.now() - beganMs;
    const { user, system } = process.cpuUsage(before);
    return { wallMs, cpuMs: (user + system) / 1000 };
  },
});
