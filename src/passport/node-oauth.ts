import type { Agent, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { inspect } from 'node:util';
import { type dataCallback, OAuth2, type oauth2tokenCallback } from 'oauth';
import { requestAPI } from '../metafy/api-endpoint';
import { type MetafyServer, requireAgent, requireServerURL } from '../metafy/client';
import { requestToken, type TokenRequest } from '../metafy/token-endpoint';
import { deliverToCallback } from '../util/from-callback';

/** How requests are made, for every instance of one strategy. */
export type Transport = Pick<MetafyServer, 'timeoutMs' | 'agent' | 'headers'>;

/** What the token endpoint answered, in node-oauth's parts. */
export interface CodeExchange {
  accessToken: string;
  refreshToken: string | undefined;
  params: object;
  receivedAtMs: number;
}

/** node-oauth's callbacks get `null` for "no error", which its types leave out. */
const noError = null as never;

/**
 * node-oauth's `OAuth2`, which passport-oauth2 and the packages around it call, on this package's transport: JSON bodies,
 * bounded exchanges, tokens in the header only, errors without secrets.
 */
export abstract class MetafyOAuth2 extends OAuth2 {
  protected abstract readonly transport: Transport;
  readonly #toTokenURL = rememberURL('tokenURL');
  readonly #toResourceURL = rememberURL('url', { query: true });

  // node-oauth's parameters: passport-oauth2-refresh makes a second one with them.
  constructor(
    clientID: string,
    clientSecret: string,
    baseSite: string,
    authorizationURL: string,
    tokenURL: string,
    customHeaders?: OutgoingHttpHeaders,
  ) {
    super(clientID, clientSecret, baseSite, authorizationURL, tokenURL, customHeaders);
    this.useAuthorizationHeaderforGET(true);
    let secret = clientSecret;
    Object.defineProperty(this, '_clientSecret', {
      enumerable: false,
      get: () => secret,
      set: (value: string) => {
        secret = value;
      },
    });
  }

  /**
   * Of this instance and of those that other packages have made or will make from it.
   *
   * @throws TypeError for an agent that cannot reach the token endpoint
   */
  override setAgent(agent: Agent | boolean | null | undefined): void {
    this.transport.agent = requireAgent(agent, this.#tokenURL);
  }

  override getOAuthAccessToken(code: string, parameters: unknown, callback?: oauth2tokenCallback): void {
    const done = callback ?? (parameters as oauth2tokenCallback);
    const { grant_type = 'authorization_code', ...rest } = (callback ? parameters : {}) as Record<string, string>;
    const credential = grant_type === 'refresh_token' ? { refresh_token: code } : { code };
    const response = this.#requestToken({ grant_type, ...rest, ...credential });
    deliverToCallback(response, done, ({ refresh_token, ...results }) =>
      done(noError, results.access_token, refresh_token, results),
    );
  }

  // Beneath `get` and `getProtectedResource`; node-oauth's own transport is not reachable.
  override _request(
    method: string,
    url: string,
    headers: OutgoingHttpHeaders | null,
    body: unknown,
    accessToken: string | null,
    callback: dataCallback,
  ): void {
    const authorization = accessToken && { Authorization: this.buildAuthHeader(accessToken) };
    const response = this.#requestAPI(method, url, { ...authorization, ...headers }, body);
    deliverToCallback(response, callback, ({ status, headers: received, body: text }) =>
      callback(noError, text, { statusCode: status, headers: received } as IncomingMessage),
    );
  }

  /** `getOAuthAccessToken` as a promise, which an application may have replaced. */
  exchangeCode(code: string, request: TokenRequest): Promise<CodeExchange> {
    return new Promise((resolve, reject) => {
      this.getOAuthAccessToken(code, request, (error, accessToken = '', refreshToken, params) => {
        if (error) reject(error);
        else resolve({ accessToken, refreshToken, params, receivedAtMs: Date.now() });
      });
    });
  }

  /** `get` as a promise, which an application may have replaced. */
  fetchText(url: string, accessToken: string): Promise<{ text: string; status: number | undefined }> {
    return new Promise((resolve, reject) => {
      this.get(url, accessToken, (error, body, response) => {
        if (error) reject(error);
        else resolve({ text: String(body), status: response?.statusCode });
      });
    });
  }

  /** What a pending sign-in belongs to. */
  get names(): { authorizationURL: string; tokenURL: string; clientID: string } {
    return { authorizationURL: this._authorizeUrl, tokenURL: this._accessTokenUrl, clientID: this._clientId };
  }

  // The agent and custom headers may hold credentials of a proxy.
  [inspect.custom](): string {
    return `MetafyOAuth2 { clientID: ${inspect(this._clientId)}, tokenURL: ${inspect(this._accessTokenUrl)} }`;
  }

  toJSON(): object {
    return { clientID: this._clientId, tokenURL: this._accessTokenUrl };
  }

  /** Read for each request: an application may set `_accessTokenUrl` later. */
  get #tokenURL(): URL {
    return this.#toTokenURL(this._getAccessTokenUrl());
  }

  get #headers(): OutgoingHttpHeaders {
    return { ...this.transport.headers, ...this._customHeaders };
  }

  async #requestToken(request: TokenRequest) {
    const { _clientId: clientID, _clientSecret: clientSecret } = this;
    const tokenURL = this.#tokenURL;
    return requestToken({ ...this.transport, headers: this.#headers, clientID, clientSecret, tokenURL }, request);
  }

  async #requestAPI(method: string, url: string, headers: OutgoingHttpHeaders, body?: unknown) {
    return requestAPI(this.transport, {
      method,
      url: this.#toResourceURL(url),
      headers: { ...this.#headers, ...headers },
      body: Buffer.isBuffer(body) || !body ? (body as Buffer) || undefined : String(body),
    });
  }
}

/** As `requireServerURL`, which for a URL that is the last one's is a twentieth of a callback. */
function rememberURL(option: string, allow?: { query: boolean }): (text: string) => URL {
  let last: { text: string; url: URL } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, url: requireServerURL(option, text, allow) };
    return last.url;
  };
}

/** The class with its transport: a second instance that another package makes of it has the same. */
export function bindOAuth2(transport: Transport): OAuth2Constructor {
  return class extends MetafyOAuth2 {
    protected override get transport() {
      return transport;
    }
  };
}

type OAuth2Constructor = new (...parameters: ConstructorParameters<typeof MetafyOAuth2>) => MetafyOAuth2;
