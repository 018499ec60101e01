import type { Agent, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { inspect } from 'node:util';
import { type dataCallback, OAuth2, type oauth2tokenCallback } from 'oauth';
import { requestAPI } from '../metafy/api-endpoint';
import { type MetafyServer, requireAgent, requireServerURL } from '../metafy/client';
import type { HttpResponse } from '../metafy/http';
import { requestToken, type TokenRequest } from '../metafy/token-endpoint';
import type { TokenResponse } from '../metafy/token-response';
import { deliverToCallback, fromCallback } from '../util/from-callback';
import type { StateMetadata } from './state-store';

/** How requests are made, for every instance of one strategy. */
export type Transport = Pick<MetafyServer, 'timeoutMs' | 'agent' | 'headers'>;

/** What the token endpoint answered. */
export interface CodeExchange {
  answer: TokenResponse;
  /** What an application's own `getOAuthAccessToken` gave beside the tokens. */
  params?: object | undefined;
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
  constructor(...parameters: ConstructorParameters<typeof OAuth2>) {
    super(...parameters);
    Object.defineProperty(this, '_clientSecret', { enumerable: false });
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
    const response = async () => this.#requestToken({ grant_type, ...rest, ...credential });
    deliverToCallback(response(), done, ({ refresh_token, ...results }) =>
      done(noError, results.access_token, refresh_token, results),
    );
  }

  // Beneath `get` and `getProtectedResource`; node-oauth's own transport is not reachable.
  override _request(
    method: string,
    url: string,
    headers: OutgoingHttpHeaders | null,
    body: Body,
    accessToken: string | null,
    callback: dataCallback,
  ): void {
    const authorization = accessToken && { Authorization: this.buildAuthHeader(accessToken) };
    const response = async () => this.#requestAPI(method, url, { ...authorization, ...headers }, body);
    deliverToCallback(response(), callback, ({ status, headers: received, body: text }) =>
      callback(noError, text, { statusCode: status, headers: received } as IncomingMessage),
    );
  }

  /**
   * `getOAuthAccessToken` as a promise, which an application may have replaced. Where it has not, and `get` neither, their
   * callbacks are left out: they are 3% of a sign-in's callback.
   */
  async exchangeCode(code: string, request: TokenRequest): Promise<CodeExchange> {
    if (this.getOAuthAccessToken === own.getOAuthAccessToken) {
      return { answer: await this.#requestToken({ ...request, code }) };
    }
    type Answer = [accessToken?: string, refreshToken?: string, params?: object];
    const [accessToken, refreshToken, params = {}] = await fromCallback<Answer>((done) =>
      this.getOAuthAccessToken(code, request, done),
    );
    if (!accessToken) throw new Error('Failed to obtain access token');
    const tokens = { access_token: accessToken, ...(refreshToken && { refresh_token: refreshToken }) };
    return { answer: { ...params, ...tokens } as TokenResponse, params };
  }

  /** `get` as a promise, which an application may have replaced. */
  async fetchText(url: string, accessToken: string): Promise<{ text: string; status: number | undefined }> {
    if (this.get === own.get && this._request === own._request) {
      const headers = { Authorization: this.buildAuthHeader(accessToken) };
      const { body: text, status } = await this.#requestAPI('GET', url, headers, undefined);
      return { text, status };
    }
    type Answer = [body?: string | Buffer, response?: IncomingMessage];
    const [body, response] = await fromCallback<Answer>((done) => this.get(url, accessToken, done));
    return { text: String(body), status: response?.statusCode };
  }

  /** What a pending sign-in belongs to. */
  toStateMetadata(callbackURL: string): StateMetadata {
    const { _authorizeUrl: authorizationURL, _accessTokenUrl: tokenURL, _clientId: clientID } = this;
    return { authorizationURL, tokenURL, clientID, callbackURL };
  }

  // The agent and custom headers may hold credentials of a proxy.
  [inspect.custom](): string {
    return `MetafyOAuth2 ${inspect(this.toJSON())}`;
  }

  toJSON(): object {
    return { clientID: this._clientId, tokenURL: this._accessTokenUrl };
  }

  // Read for each request: an application may set `_accessTokenUrl`, `_agent` or `_customHeaders` later.
  get #tokenURL(): URL {
    return this.#toTokenURL(this._getAccessTokenUrl());
  }

  get #agent(): Transport['agent'] {
    return (this._agent as Agent) ?? this.transport.agent;
  }

  #requestToken(request: TokenRequest): Promise<TokenResponse> {
    const { _clientId: clientID, _clientSecret: clientSecret } = this;
    const { timeoutMs } = this.transport;
    const headers = { ...this.transport.headers, ...this._customHeaders };
    const client = { clientID, clientSecret, tokenURL: this.#tokenURL, timeoutMs, agent: this.#agent, headers };
    return requestToken(client, request);
  }

  #requestAPI(method: string, url: string, headers: OutgoingHttpHeaders, body: Body): Promise<HttpResponse> {
    const { timeoutMs } = this.transport;
    // Node frames the body of a DELETE or a GET only where its length is told.
    const length = body && { 'Content-Length': Buffer.byteLength(body) };
    const request = {
      method,
      url: this.#toResourceURL(url),
      headers: { ...this.transport.headers, ...this._customHeaders, ...length, ...headers },
      body: body || undefined,
    };
    return requestAPI({ timeoutMs, agent: this.#agent }, request);
  }
}

// As they are when this module is loaded: an application may replace them for every instance.
const { getOAuthAccessToken, get, _request } = MetafyOAuth2.prototype;
const own = { getOAuthAccessToken, get, _request };

/** As `requireServerURL`, which for a URL that is the last one's is a twentieth of a callback. */
function rememberURL(option: string, allow?: { query: boolean }): (text: string) => URL {
  let last: { text: string; url: URL } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, url: requireServerURL(option, text, allow) };
    return last.url;
  };
}

/** The class with its transport: a second instance that another package makes of it has the same. */
export function bindOAuth2(transport: Transport): new (...parameters: Parameters) => MetafyOAuth2 {
  return class extends MetafyOAuth2 {
    protected override get transport() {
      return transport;
    }
  };
}

type Parameters = ConstructorParameters<typeof MetafyOAuth2>;
type Body = string | Buffer | null | undefined;
