import type { AuthenticateOptions } from 'passport';

/** What `passport.authenticate('metafy', options)` takes beside Passport's own options. */
export interface MetafyAuthenticateOptions extends Omit<AuthenticateOptions, 'state'> {
  /** For this login only, instead of the strategy's. */
  scope?: string | string[] | undefined;
  /**
   * Comes back as `req.authInfo.state` when the login succeeds: JSON, at most about 2 kB. With the default store
   * and with `state: true` it is kept inside and never sent. Without a store, or with one of your own, a string is
   * sent as the `state` parameter, as passport-oauth2 does, and there is no PKCE for that login.
   */
  state?: string | object | undefined;
  /** For this login only; the route of the callback must pass the same. */
  callbackURL?: string | undefined;
}

// Passport's types know `state` as a string only, and no `callbackURL`.
declare module 'passport' {
  interface Authenticator<InitializeRet, AuthenticateRet, AuthorizeRet, AuthorizeOptions> {
    authenticate(
      strategy: string,
      options: MetafyAuthenticateOptions,
      callback?: AuthenticateCallback,
    ): AuthenticateRet;
    authorize(
      strategy: string,
      options: MetafyAuthenticateOptions,
      callback?: AuthenticateCallback,
    ): AuthorizeRet;
  }
}
