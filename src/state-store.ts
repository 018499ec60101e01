import { types } from 'node:util';
import type { Request } from 'express';
import { callHook } from './hooks';

/** What a login belongs to; the same when it starts and when it finishes. */
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
  /** Starts a login: `callback(null, state)` gives what is sent as the `state` parameter. */
  // biome-ignore lint/suspicious/noExplicitAny: 2 to 5 parameters, which no one signature covers
  store(...parameters: any[]): unknown;
  /** Finishes a login: `callback(null, ok, state)`, where `ok` is the PKCE verifier, `true` or `false`. */
  // biome-ignore lint/suspicious/noExplicitAny: 3 or 4 parameters
  verify(...parameters: any[]): unknown;
}

/** For people, where nothing is known of the login that a callback belongs to. */
export const unknownLogin =
  'This sign-in was not started in this browser, took too long, or is already finished. Please sign in again.';

/** Whether `store` takes a PKCE verifier: `store(req, verifier, state, meta, callback)`. */
export function keepsVerifier(store: StateStore): boolean {
  return store.store.length === 5;
}

/** Starts a login in `store`, with as many arguments as it takes. */
export function storeState(
  store: StateStore,
  req: Request,
  verifier: string | undefined,
  state: unknown,
  meta: StateMetadata,
  callback: StoreCallback,
): void {
  const returned = callStore(store, req, verifier, state, meta, callback);
  // Not through a promise as elsewhere: this is the whole way to Metafy, and its cost is that of the redirect.
  if (types.isPromise(returned)) returned.catch(callback);
}

function callStore(
  store: StateStore,
  req: Request,
  verifier: string | undefined,
  state: unknown,
  meta: StateMetadata,
  callback: StoreCallback,
): unknown {
  switch (store.store.length) {
    case 5:
      return store.store(req, verifier, state, meta, callback);
    case 4:
      return store.store(req, state, meta, callback);
    case 3:
      return store.store(req, meta, callback);
    default:
      return store.store(req, callback);
  }
}

/** A finished login: `ok` is the verifier, where there is one; when it is false, `state` is what to tell. */
export interface VerifiedState {
  ok: boolean | string | undefined;
  state: unknown;
}

/** Finishes a login in `store`. */
export async function verifyState(
  store: StateStore,
  req: Request,
  providedState: string | undefined,
  meta: StateMetadata,
): Promise<VerifiedState> {
  const [ok, state] = await callHook<[ok?: boolean | string, state?: unknown]>((callback) =>
    store.verify.length === 4
      ? store.verify(req, providedState, meta, callback)
      : store.verify(req, providedState, callback),
  );
  return { ok, state };
}
