import type { Request } from 'express';
import { Strategy as OAuth2Strategy } from 'passport-oauth2';
import type { MetafyAuthenticateOptions } from './authenticate-options';
import { readRefusal } from './authorization-refusal';
import { buildAuthorizationURL } from './authorization-url';
import { type CallbackParameters, MalformedCallback, readCallbackParameters } from './callback-parameters';
import { resolveCallbackURL } from './callback-url';
import { MetafyError, toPassable } from './errors';
import { callHook } from './hooks';
import { answerLater, bindOAuth2, type CodeExchange, type MetafyOAuth2 } from './oauth2';
import { explainMisuse, requireFunction } from './options';
import { createVerifier, toChallenge } from './pkce';
import { type MetafyProfile, type ProfileDone, parseProfile } from './profile';
import { type SkipUserProfile, shouldSkip } from './skip-user-profile';
import { type StateMetadata, type StateStore, storeState, verifyState } from './state-store';
import { type MetafyStrategyOptions, resolveStrategyOptions } from './strategy-options';
import { splitScope, type TokenResponse, toMetafyTokens } from './tokens';
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

/**
 * Passport strategy for "Sign in with Metafy": the authorization code grant with PKCE, then the user's profile.
 *
 * It ends in Passport's `fail` when the person refuses (401), when the state is unknown, of another browser or
 * too old (403), and when the callback's parameters come from no authorization server (400). When Metafy refuses
 * or gives no usable answer, a `MetafyOAuthError` or `MetafyResponseError` goes to `next`.
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
  declare protected _createOAuthError: (message: string, error: unknown) => Error;
  // Not `#private`: Passport runs each request on an `Object.create(strategy)`, which has no private fields.
  private readonly _userProfileURL: string;
  private readonly _keepsAnyState: boolean;
  private readonly _verifyLogin: Verifier;

  /** @throws TypeError naming the option at fault */
  constructor(options: MetafyStrategyOptions, verify: MetafyVerify);
  constructor(options: WithRequest, verify: MetafyClassicVerifyWithRequest);
  constructor(options: WithRequest, verify: MetafyClassicVerifyWithRequestAndParams);
  constructor(options: WithoutRequest, verify: MetafyClassicVerify);
  constructor(options: WithoutRequest, verify: MetafyClassicVerifyWithParams);
  // Once more: where none fits, the compiler says why the last one does not.
  constructor(options: MetafyStrategyOptions, verify: MetafyVerify);
  constructor(options: MetafyStrategyOptions, verify: (...parameters: never[]) => unknown) {
    const settings = resolveStrategyOptions(options);
    explainMisuse('MetafyStrategy', () => requireFunction('verify', verify));
    super(...([settings.inherited, verify] as ConstructorParameters<typeof OAuth2Strategy>));
    const { clientID, clientSecret, authorizationURL, tokenURL, timeoutMs, agent } = settings;
    const OAuth2 = bindOAuth2({ timeoutMs, agent });
    this._oauth2 = new OAuth2(clientID, clientSecret, '', authorizationURL, tokenURL, options.customHeaders);
    this._userProfileURL = settings.userProfileURL;
    this._keepsAnyState = settings.keepsAnyState;
    this._verifyLogin = adaptVerify(verify, Boolean(options.passReqToCallback), timeoutMs);
  }

  /** Starts a login, or finishes one when the request is Metafy's callback. Passport calls it. */
  override authenticate(req: Request, options: MetafyAuthenticateOptions = {}): void {
    // Given the strategy itself instead of its name, Passport sets these on it for each call: the next request would
    // replace them while this one waits. With a name it makes an object for each, and a second would cost time.
    const { success, fail, redirect, error } = this;
    const login: this = Object.hasOwn(this, '_oauth2') ? Object.create(this) : this;
    if (login !== this) Object.assign(login, { success, fail, redirect, error });
    login._answer(req, options);
  }

  private _answer(req: Request, options: MetafyAuthenticateOptions): void {
    const callback = readCallbackParameters(req);
    if (callback instanceof MalformedCallback) {
      this.fail({ message: callback.message }, 400);
      return;
    }
    const callbackURL = resolveCallbackURL(options.callbackURL || this._callbackURL, req, this._trustProxy);
    if (callbackURL === undefined) {
      this.fail({ message: 'The request names no usable host.' }, 400);
      return;
    }
    const meta = { ...this._oauth2.names, callbackURL };
    if (!callback) this._startLogin(req, options, meta);
    else
      this._finishLogin(req, callback, options, meta)
        .then((end) => end())
        // Also what Passport or a custom callback throws while the login ends.
        .catch((error) => this.error(toPassable(error)));
  }

  /** Reads the profile of the token's owner: `GET /v1/me`. */
  override userProfile(accessToken: string, done: ProfileDone): void {
    const answer = this._oauth2.fetchText(this._userProfileURL, accessToken).catch((error) => {
      throw this._toError('Failed to fetch user profile', error);
    });
    const profile = answer.then(({ text, status }) => parseProfile(text, status));
    answerLater(profile, done, (value) => done(null, value));
  }

  private _startLogin(req: Request, options: MetafyAuthenticateOptions, meta: StateMetadata): void {
    const { clientID, callbackURL, authorizationURL } = meta;
    try {
      const scope = splitScope(options.scope || this._scope).join(' ');
      const parameters = {
        ...this.authorizationParams(options),
        client_id: clientID,
        redirect_uri: callbackURL,
        response_type: 'code',
        ...(scope && { scope }),
      };
      if (typeof options.state === 'string' && options.state !== '' && !this._keepsAnyState) {
        // The store is not asked, so nothing could keep a verifier.
        this.redirect(buildAuthorizationURL(authorizationURL, { ...parameters, state: options.state }));
        return;
      }
      const verifier = this._pkceMethod && createVerifier();
      const proof = verifier && { code_challenge: toChallenge(verifier), code_challenge_method: 'S256' };
      storeState(this._stateStore, req, verifier, options.state, meta, (error, text) => {
        const state = text && { state: text };
        if (error) this.error(toPassable(error));
        else this.redirect(buildAuthorizationURL(authorizationURL, { ...parameters, ...state, ...proof }));
      });
    } catch (error) {
      this.error(toPassable(error));
    }
  }

  /** Resolves to how the login ends: a call of Passport's `success` or `fail`. */
  private async _finishLogin(
    req: Request,
    callback: CallbackParameters,
    options: MetafyAuthenticateOptions,
    meta: StateMetadata,
  ): Promise<() => void> {
    // Before `error` is looked at: what a stranger's link says must not reach the application's pages.
    const { ok, state } = await verifyState(this._stateStore, req, callback.state, meta);
    if (!ok) return () => this.fail(state as object, 403);
    const refusal = readRefusal(callback);
    if (refusal) return () => this.fail({ message: refusal.message }, refusal.status);

    const exchange = await this._exchangeCode(callback.code as string, ok, options, meta);
    const { accessToken, refreshToken, params, receivedAtMs } = exchange;
    const [profile] = await callHook<[MetafyProfile?]>((done) => this._loadUserProfile(accessToken, done));
    const toTokens = () => {
      const rotating = refreshToken && { refresh_token: refreshToken };
      const response = { ...params, access_token: accessToken, ...rotating } as TokenResponse;
      return toMetafyTokens(response, receivedAtMs, splitScope(options.scope || this._scope));
    };
    const input = { strategy: this, req, accessToken, refreshToken, params, profile, toTokens };
    const { user, info } = await this._verifyLogin(input);
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
    const failure = 'Failed to obtain access token';
    const exchange = await this._oauth2.exchangeCode(code, request).catch((error) => {
      throw this._toError(failure, error);
    });
    if (!exchange.accessToken) throw new Error(failure);
    return exchange;
  }

  /** passport-oauth2's hook around `userProfile`. */
  protected async _loadUserProfile(accessToken: string, done: ProfileDone): Promise<void> {
    if (await shouldSkip(this._skipUserProfile, this, accessToken)) done(null);
    else await this.userProfile(accessToken, done);
  }

  private _toError(message: string, error: unknown): Error {
    return error instanceof MetafyError ? error : this._createOAuthError(message, error);
  }
}
