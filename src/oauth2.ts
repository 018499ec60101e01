import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { inspect } from 'node:util';
import { type dataCallback, OAuth2, type oauth2tokenCallback } from 'oauth';
import { commonHeaders } from './client';
import { checkEndpoint } from './endpoints';
import { type Connection, type HttpTarget, toHttpTarget } from './http';
import { requestResource } from './resource';
import { requestToken, type TokenRequest } from './token-endpoint';
import type { TokenResponse } from './tokens';

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
 * node-oauth's `OAuth2`, which passport-oauth2 and the packages around it call, on this package's transport: JSON
 * bodies, bounded exchanges, tokens in the header only, errors without secrets.
 */
export abstract class MetafyOAuth2 extends OAuth2 {
  protected abstract readonly transport: Pick<Connection, 'timeoutMs' | 'agent'>;
  readonly #tokenTarget: HttpTarget;
  // Almost always the profile's, whose parsing would be a twentieth of a callback.
  #lastURL = '';
  #lastTarget: HttpTarget | undefined;

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
    this.#tokenTarget = toHttpTarget(checkEndpoint('tokenURL', this._getAccessTokenUrl()));
    let secret = clientSecret;
    Object.defineProperty(this, '_clientSecret', {
      enumerable: false,
      get: () => secret,
      set: (value: string) => {
        secret = value;
      },
    });
  }

  override getOAuthAccessToken(code: string, parameters: unknown, callback?: oauth2tokenCallback): void {
    const answer = callback ?? (parameters as oauth2tokenCallback);
    const { grant_type = 'authorization_code', ...rest } = (callback ? parameters : {}) as Record<
      string,
      string
    >;
    const credential = grant_type === 'refresh_token' ? { refresh_token: code } : { code };
    const response = this.#requestToken({ grant_type, ...rest, ...credential });
    answerLater(response, answer, ({ refresh_token, ...results }) =>
      answer(noError, results.access_token, refresh_token, results),
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
    const response = this.#requestResource(method, url, { ...authorization, ...headers }, body);
    answerLater(response, callback, ({ status, headers: received, body: text }) =>
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

  /** What a pending login belongs to; `_oauth2.setAgent` and the like stay node-oauth's. */
  get names() {
    return { authorizationURL: this._authorizeUrl, tokenURL: this._accessTokenUrl, clientID: this._clientId };
  }

  // The agent and custom headers may hold credentials of a proxy.
  [inspect.custom](): string {
    return `MetafyOAuth2 { clientID: ${inspect(this._clientId)}, tokenURL: ${inspect(this._accessTokenUrl)} }`;
  }

  toJSON(): object {
    return { clientID: this._clientId, tokenURL: this._accessTokenUrl };
  }

  #requestToken(request: TokenRequest): Promise<TokenResponse> {
    const { _clientId: clientID, _clientSecret: clientSecret } = this;
    return requestToken(
      { ...this.#toConnection(), clientID, clientSecret, token: this.#tokenTarget },
      request,
    );
  }

  async #requestResource(method: string, url: string, headers: OutgoingHttpHeaders, body?: unknown) {
    if (this.#lastTarget === undefined || url !== this.#lastURL) {
      this.#lastTarget = toHttpTarget(checkEndpoint('url', url, { query: true }));
      this.#lastURL = url;
    }
    return requestResource(this.#toConnection(), {
      method,
      target: this.#lastTarget,
      headers,
      body: body ? String(body) : undefined,
    });
  }

  #toConnection(): Connection {
    const { timeoutMs, agent } = this.transport;
    return { timeoutMs, agent: this._agent ?? agent, headers: { ...commonHeaders, ...this._customHeaders } };
  }
}

/** The class with its transport: a second one that another package constructs from it has the same. */
export function bindOAuth2(transport: Pick<Connection, 'timeoutMs' | 'agent'>): OAuth2Constructor {
  return class extends MetafyOAuth2 {
    protected override get transport() {
      return transport;
    }
  };
}

type OAuth2Constructor = new (...parameters: ConstructorParameters<typeof MetafyOAuth2>) => MetafyOAuth2;

// In a tick of its own, so that what a callback throws is an uncaught exception, as in any callback, and never
// reaches the promise.
export function answerLater<Value>(
  promise: Promise<Value>,
  answerError: (error: never) => unknown,
  answerValue: (value: Value) => unknown,
): void {
  promise.then(
    (value) => process.nextTick(answerValue, value),
    (error) => process.nextTick(answerError, error as never),
  );
}
