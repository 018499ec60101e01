import { types } from 'node:util';
import type { Request } from 'express';
import { Strategy as OAuth2Strategy } from 'passport-oauth2';
import { buildAuthorizationURL, createCodeChallenge, createCodeVerifier } from '../authorization/request';
import {
  type AuthorizationResponse,
  classifyExchangeError,
  parseAuthorizationResponse,
  parseQuery,
  rejectPrefetch,
  throwAuthorizationError,
} from '../authorization/response';
import { ensureError, MetafySignInError } from '../errors';
import { type MetafyProfile, type ProfileDone, parseProfile } from '../metafy/profile';
import { splitScope, toMetafyTokens } from '../metafy/token-response';
import { requireFunction } from '../util/assert';
import { deliverToCallback, fromCallback } from '../util/from-callback';
import { isJSONObject } from '../util/json';
import { resolveCallbackURL } from './callback-url';
import { preventCaching } from './http-response';
import { bindOAuth2, type CodeExchange, type MetafyOAuth2 } from './node-oauth';
import {
  type MetafyAuthenticateOptions,
  type MetafyStrategyOptions,
  resolveStrategyOptions,
  type SkipUserProfile,
} from './options';
import type { StateMetadata, StateStore, StoreCallback } from './state-store';
import {
  adaptVerify,
  addState,
  type MetafyClassicVerify,
  type MetafyClassicVerifyWithParams,
  type MetafyClassicVerifyWithRequest,
  type MetafyClassicVerifyWithRequestAndParams,
  type MetafyVerify,
  type Verifier,
} from './verify';

type WithRequest = MetafyStrategyOptions & { passReqToCallback: true };
type WithoutRequest = MetafyStrategyOptions & { passReqToCallback?: false | undefined };
type AnyClassicVerify =
  | MetafyClassicVerify
  | MetafyClassicVerifyWithParams
  | MetafyClassicVerifyWithRequest
  | MetafyClassicVerifyWithRequestAndParams;

/**
 * Passport strategy for "Sign in with Metafy": the authorization code grant with PKCE, then the user's profile.
 *
 * It ends in Passport's `fail` when nobody can be signed in and nothing is broken: the person declined (401); the state is
 * unknown, of another browser or too old, or the code has been used (403); the callback's parameters come from no
 * authorization server (400). `info` has a `message` for people and a `code`. When Metafy refuses or gives no usable
 * answer, a `MetafyOAuthError` or `MetafyResponseError` goes to `next`.
 *
 * @see Metafy's documentation; RFC 6749, section 4.1; RFC 7636; RFC 9700
 */
export class MetafyStrategy extends OAuth2Strategy {
  override name = 'metafy';
  // passport-oauth2's own; its types leave most of them out.
  declare protected _oauth2: MetafyOAuth2;
  declare protected _stateStore: StateStore;
  declare protected _callbackURL: string;
  declare protected _scope: string | string[];
  declare protected _trustProxy: boolean | undefined;
  declare protected _pkceMethod: 'S256' | undefined;
  declare protected _skipUserProfile: SkipUserProfile;
  // Not `#private`: Passport runs each request on an `Object.create(strategy)`, which has no private fields.
  private readonly _userProfileURL: string;
  private readonly _storesStringState: boolean;
  private readonly _verifyUser: Verifier;

  /** @throws TypeError naming the option at fault */
  constructor(options: MetafyStrategyOptions, verify: MetafyVerify);
  constructor(options: WithRequest, verify: MetafyClassicVerifyWithRequest);
  constructor(options: WithRequest, verify: MetafyClassicVerifyWithRequestAndParams);
  constructor(options: WithoutRequest, verify: MetafyClassicVerify);
  constructor(options: WithoutRequest, verify: MetafyClassicVerifyWithParams);
  // Options in a variable, where the compiler knows `passReqToCallback` as a boolean.
  constructor(options: MetafyStrategyOptions, verify: AnyClassicVerify);
  // Once more: where none fits, the compiler says why the last one does not.
  constructor(options: MetafyStrategyOptions, verify: MetafyVerify);
  constructor(options: MetafyStrategyOptions, verify: (...parameters: never[]) => unknown) {
    const settings = resolveStrategyOptions(options);
    requireFunction('verify', verify, 'parameter');
    super(...([settings.inherited, verify] as ConstructorParameters<typeof OAuth2Strategy>));
    const { client, authorizationURL, tokenURL } = settings;
    const { clientID, clientSecret, timeoutMs, agent, headers } = client;
    const OAuth2 = bindOAuth2({ timeoutMs, agent, headers });
    this._oauth2 = new OAuth2(clientID, clientSecret, '', authorizationURL, tokenURL, options.customHeaders);
    this._userProfileURL = settings.userProfileURL;
    this._storesStringState = settings.storesStringState;
    this._verifyUser = adaptVerify(verify, Boolean(options.passReqToCallback), timeoutMs);
  }

  /** Starts a sign-in, or finishes one when the request is Metafy's callback. Passport calls it. */
  override authenticate(req: Request, options?: MetafyAuthenticateOptions | null): void {
    // Given the strategy itself instead of its name, Passport sets these on it for each call: the next request would
    // replace them while this one waits. With a name it makes an object for each, and a second would cost time.
    const { success, fail, redirect, error } = this;
    const action: this = Object.hasOwn(this, '_oauth2') ? Object.create(this) : this;
    if (action !== this) Object.assign(action, { success, fail, redirect, error });
    action._answer(req, options ?? {});
  }

  private _answer(req: Request, options: MetafyAuthenticateOptions): void {
    try {
      const response = readAuthorizationResponse(req);
      if (response) rejectPrefetch((name) => req.headers?.[name]);
      const callbackURL = resolveCallbackURL(options.callbackURL || this._callbackURL, req, this._trustProxy);
      if (callbackURL === undefined) {
        throw new MetafySignInError('The request names no usable host.', { code: 'malformed_response' });
      }
      const meta = this._oauth2.toStateMetadata(callbackURL);
      if (!response) this._startSignIn(req, options, meta);
      else
        this._finishSignIn(req, response, options, meta)
          .then((end) => end())
          // Also what Passport or a custom callback throws while the sign-in ends.
          .catch((error) => this._end(req, error));
    } catch (error) {
      this._end(req, error);
    }
  }

  /** Ends a sign-in that did not succeed: in `fail` where it is the person's own situation, else in `error`. */
  private _end(req: Request, error: unknown): void {
    if (!(error instanceof MetafySignInError)) {
      this.error(ensureError(error));
      return;
    }
    preventCaching(req);
    const { message, code, oauthCode, status } = error;
    try {
      this.fail({ message, code: oauthCode ?? code }, status);
    } catch (thrown) {
      // Passport's own, such as for `failureMessage` without a session.
      this.error(ensureError(thrown));
    }
  }

  /** Reads the profile of the token's owner: `GET /v1/me`. */
  override userProfile(accessToken: string, done: ProfileDone): void {
    deliverToCallback(this._fetchProfile(accessToken), done, (profile) => done(null, profile));
  }

  private async _fetchProfile(accessToken: string): Promise<MetafyProfile> {
    const { text, status } = await this._oauth2.fetchText(this._userProfileURL, accessToken);
    return parseProfile(text, status);
  }

  private _startSignIn(req: Request, options: MetafyAuthenticateOptions, meta: StateMetadata): void {
    const { clientID, callbackURL, authorizationURL } = meta;
    const scope = splitScope(options.scope || this._scope).join(' ');
    const parameters: Record<string, unknown> = {
      ...this.authorizationParams(options),
      client_id: clientID,
      redirect_uri: callbackURL,
      response_type: 'code',
    };
    if (scope) parameters.scope = scope;
    if (typeof options.state === 'string' && options.state !== '' && !this._storesStringState) {
      // The store is not asked, so nothing could keep a verifier.
      parameters.state = options.state;
      this.redirect(buildAuthorizationURL(authorizationURL, parameters));
      return;
    }
    const codeVerifier = this._pkceMethod && createCodeVerifier();
    if (codeVerifier) {
      parameters.code_challenge = createCodeChallenge(codeVerifier);
      parameters.code_challenge_method = 'S256';
    }
    const done: StoreCallback = (error, state) => {
      try {
        if (error) throw error;
        if (state) parameters.state = state;
        this.redirect(buildAuthorizationURL(authorizationURL, parameters));
      } catch (thrown) {
        // A store that answers later calls this from nowhere.
        this.error(ensureError(thrown));
      }
    };
    // Not through a promise as elsewhere: this is the whole way to Metafy, and its cost is that of the redirect.
    const { store } = this._stateStore;
    // passport-oauth2 leaves the first ones out where the store takes fewer.
    const known = [codeVerifier, options.state, meta].slice(5 - store.length);
    const returned = this._stateStore.store(req, ...known, done);
    if (types.isPromise(returned)) returned.catch(done);
  }

  /** Resolves to how the sign-in ends: a call of Passport's `success` or `fail`. */
  private async _finishSignIn(
    req: Request,
    response: AuthorizationResponse,
    options: MetafyAuthenticateOptions,
    meta: StateMetadata,
  ): Promise<() => void> {
    // Before `error` is looked at: what a stranger's link says must not reach the application's pages.
    const store = this._stateStore;
    const [ok, state] = await fromCallback<[ok?: boolean | string, state?: unknown]>((done) =>
      store.verify.length === 4
        ? store.verify(req, response.state, meta, done)
        : store.verify(req, response.state, done),
    );
    if (!ok) {
      preventCaching(req);
      return () => this.fail(state as object, 403);
    }
    throwAuthorizationError(response);

    const { answer, params } = await this._exchangeCode(response.code as string, ok, options, meta);
    const receivedAtMs = Date.now();
    const profile = await this._loadProfile(answer.access_token);
    const toTokens = () => toMetafyTokens(answer, receivedAtMs, splitScope(options.scope || this._scope));
    const { user, info } = await this._verifyUser({ strategy: this, req, answer, params, profile, toTokens });
    if (!user) return () => this.fail(info as object);
    return () => this.success(user, addState(info, state));
  }

  private async _exchangeCode(
    code: string,
    ok: string | true,
    options: MetafyAuthenticateOptions,
    { callbackURL }: StateMetadata,
  ): Promise<CodeExchange> {
    const request = {
      ...this.tokenParams(options),
      grant_type: 'authorization_code',
      redirect_uri: callbackURL,
      ...(typeof ok === 'string' && { code_verifier: ok }),
    };
    try {
      return await this._oauth2.exchangeCode(code, request);
    } catch (error) {
      throw classifyExchangeError(error);
    }
  }

  /**
   * `userProfile` as a promise, which an application may have replaced. Where it has not, its callback is left out: it is
   * 3% of a sign-in's callback.
   */
  private async _loadProfile(accessToken: string): Promise<MetafyProfile | undefined> {
    if (await this._skipsProfile(accessToken)) return undefined;
    if (this.userProfile === ownUserProfile) return this._fetchProfile(accessToken);
    const [profile] = await fromCallback<[MetafyProfile?]>((done) => this.userProfile(accessToken, done));
    return profile;
  }

  private async _skipsProfile(accessToken: string): Promise<boolean | undefined> {
    const skip = this._skipUserProfile;
    if (typeof skip !== 'function') return skip;
    // passport-oauth2 tells the functions apart by their number of parameters, and calls them on the strategy.
    if (skip.length < 2) return (skip as () => boolean | PromiseLike<boolean>).call(this);
    const [isSkipped] = await fromCallback<[skip?: boolean]>((done) => skip.call(this, accessToken, done));
    return isSkipped;
  }
}

// As it is when this module is loaded: an application may replace it for every strategy.
const ownUserProfile = MetafyStrategy.prototype.userProfile;

/** The parameters are in the query or, as passport-oauth2 allows, in a parsed form. */
function readAuthorizationResponse({ query, body, url }: Request): AuthorizationResponse | undefined {
  // Without Express, such as on connect or plain node:http, and where its query parser is off.
  const isParsed = isJSONObject(query) && Object.keys(query).length > 0;
  const response = parseAuthorizationResponse(isParsed ? query : parseQuery(url));
  // A Buffer may have a million keys.
  if (response || !isJSONObject(body) || ArrayBuffer.isView(body)) return response;
  return parseAuthorizationResponse(body);
}
