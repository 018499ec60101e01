/** What a sign-in belongs to; the same when it starts and when it finishes. */
export interface StateMetadata {
  authorizationURL: string;
  tokenURL: string;
  clientID: string;
  callbackURL: string;
}

export type StoreCallback = (error: Error | null, state?: string) => void;
export type VerifyCallback = (error: Error | null, ok?: boolean | string, state?: unknown) => void;

/** passport-oauth2's interface of a state store, whose methods it calls by their number of parameters. */
export interface StateStore {
  /** Starts a sign-in: `callback(null, state)` gives what is sent as the `state` parameter. */
  // biome-ignore lint/suspicious/noExplicitAny: 2 to 5 parameters, which no one signature covers
  store(...parameters: any[]): unknown;
  /** Finishes a sign-in: `callback(null, ok, state)`, where `ok` is the PKCE verifier, `true` or `false`. */
  // biome-ignore lint/suspicious/noExplicitAny: 3 or 4 parameters
  verify(...parameters: any[]): unknown;
}
