import { defaultMaxAgeMs, LoginCookies } from '../authorization/login-cookie';
import {
  buildAuthorizationURL,
  createCodeChallenge,
  createCodeVerifier,
  requireCallbackURL,
} from '../authorization/request';
import {
  classifyExchangeError,
  parseAuthorizationResponse,
  parseQuery,
  rejectPrefetch,
  throwAuthorizationError,
} from '../authorization/response';
import { MetafySignInError } from '../errors';
import { type MetafyClient, type MetafyClientOptions, resolveClient } from '../metafy/client';
import { fetchProfile, type MetafyProfile } from '../metafy/profile';
import { requestToken } from '../metafy/token-endpoint';
import { type MetafyTokens, splitScope, toMetafyTokens } from '../metafy/token-response';
import { rejectMisnamed, requireDuration, requireSecrets, requireStrings } from '../util/assert';

/** The application, where Metafy sends people back to, and what to ask them for. */
export interface MetafySignInOptions extends MetafyClientOptions {
  /**
   * Where Metafy sends the browser back to; registered with the application at Metafy. A path is resolved against
   * `request.url`, which behind a proxy is often not what the browser asked for: give the whole URL there.
   */
  callbackURL: string | undefined;
  /** Several as a list or separated by spaces. The profile needs `profile`. @default 'profile' */
  scope?: string | readonly string[] | undefined;
  /**
   * Seals the cookies: at least 32 characters. Several: the first seals, all open.
   * @default the client secret
   */
  secret?: string | readonly string[] | undefined;
  /**
   * How long a person may take to sign in, in milliseconds.
   * @default 600_000
   */
  maxAgeMs?: number | undefined;
}

/** What one sign-in may have of its own. */
export interface MetafySignInStartOptions {
  /** Comes back from `finish`: JSON, at most about 2 kB. It is kept in the cookie and never sent to Metafy. */
  state?: unknown;
  /** Instead of the option's. Give `finish` the same. */
  scope?: string | readonly string[] | undefined;
  /** Instead of the option's. Give `finish` the same. */
  callbackURL?: string | undefined;
}

/** A person who has signed in. */
export interface MetafySignInResult {
  profile: MetafyProfile;
  tokens: MetafyTokens;
  /** What `start` was given. */
  state: unknown;
  /** `Set-Cookie` and `Cache-Control`: they belong on whatever the application answers, and end the pending sign-in. */
  headers: Headers;
}

/**
 * "Sign in with Metafy" where a request is a `Request` and an answer a `Response`: the authorization code grant with PKCE,
 * then the person's profile. The state is in the same sealed cookie as `MetafyStrategy`'s.
 *
 * It needs `node:crypto` and `node:https`: Node.js 20 or Bun, no edge runtime.
 *
 * @see Metafy's documentation; RFC 6749, section 4.1; RFC 7636; RFC 9700
 */
export class MetafySignIn {
  readonly #client: MetafyClient;
  readonly #callbackURL: string;
  readonly #scope: string | readonly string[];
  readonly #cookies: LoginCookies;

  /** @throws TypeError naming the option at fault */
  constructor(options: MetafySignInOptions) {
    this.#client = resolveClient(options);
    rejectMisnamed(options, ['callbackURL', 'scope', 'secret', 'maxAgeMs']);
    this.#callbackURL = requireCallbackURL(options.callbackURL);
    this.#scope = requireStrings('scope', options.scope ?? 'profile');
    const secrets = 'secret' in options ? requireSecrets('secret', options.secret) : [this.#client.clientSecret];
    this.#cookies = new LoginCookies(secrets, requireDuration('maxAgeMs', options.maxAgeMs ?? defaultMaxAgeMs));
  }

  /**
   * Starts a sign-in: a redirect to Metafy, with the cookie that `finish` needs.
   *
   * @throws TypeError for a `request` that is not a `Request`, and for a `state` that is too large for a cookie
   */
  async start(
    request: Request,
    { state, scope = this.#scope, callbackURL }: MetafySignInStartOptions = {},
  ): Promise<Response> {
    const context = this.#toContext(request, callbackURL);
    const codeVerifier = createCodeVerifier();
    const { handle, setCookies } = this.#cookies.start(toCookieRequest(request), { codeVerifier, state }, context);
    const scopes = splitScope(requireStrings('scope', scope)).join(' ');
    const location = buildAuthorizationURL(context.authorizationURL, {
      client_id: context.clientID,
      redirect_uri: context.callbackURL,
      response_type: 'code',
      scope: scopes || undefined,
      state: handle,
      code_challenge: createCodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    const headers = toHeaders(setCookies);
    headers.set('Location', location);
    return new Response(null, { status: 302, headers });
  }

  /**
   * Finishes a sign-in, in the route of the callback URL.
   *
   * @throws MetafySignInError when nobody was signed in and nothing is broken; its `headers` belong on the answer
   * @throws MetafyOAuthError, MetafyResponseError when Metafy refuses or gives no usable answer
   * @throws TypeError for a `request` that is not a `Request`
   */
  async finish(
    request: Request,
    { scope = this.#scope, callbackURL }: Omit<MetafySignInStartOptions, 'state'> = {},
  ): Promise<MetafySignInResult> {
    const context = this.#toContext(request, callbackURL);
    const headers = toHeaders([]);
    try {
      const response = parseAuthorizationResponse(parseQuery(request.url));
      if (!response) throw new MetafySignInError('There is no `code`.', { code: 'malformed_response' });
      rejectPrefetch((name) => request.headers.get(name));
      // Before `error` is looked at: what a stranger's link says must not reach the application's pages.
      const pending = this.#cookies.finish(toCookieRequest(request), response.state, context);
      headers.append('Set-Cookie', pending.clearCookie);
      throwAuthorizationError(response);
      const answer = await requestToken(this.#client, {
        grant_type: 'authorization_code',
        code: response.code,
        redirect_uri: context.callbackURL,
        code_verifier: pending.codeVerifier,
      }).catch((error) => {
        throw classifyExchangeError(error);
      });
      const tokens = toMetafyTokens(answer, Date.now(), splitScope(requireStrings('scope', scope)));
      const profile = await fetchProfile(this.#client, tokens.accessToken);
      return { profile, tokens, state: pending.state, headers };
    } catch (error) {
      if (error instanceof MetafySignInError) error.headers = headers;
      throw error;
    }
  }

  #toContext(request: Request, callbackURL: string | undefined) {
    if (typeof request?.headers?.get !== 'function' || !URL.canParse(request.url)) {
      throw new TypeError('parameter `request` must be a Request, as in the Fetch standard');
    }
    const { authorizationURL, clientID } = this.#client;
    const url = new URL(requireCallbackURL(callbackURL ?? this.#callbackURL), request.url);
    return { authorizationURL: authorizationURL.href, clientID, callbackURL: url.href };
  }
}

function toCookieRequest({ headers, url }: Request): { cookie: string | undefined; isSecure: boolean } {
  return { cookie: headers.get('cookie') ?? undefined, isSecure: url.startsWith('https:') };
}

function toHeaders(setCookies: string[]): Headers {
  const headers = new Headers({ 'Cache-Control': 'no-store' });
  for (const line of setCookies) headers.append('Set-Cookie', line);
  return headers;
}
