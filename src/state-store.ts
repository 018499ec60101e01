import type { Request } from 'express';

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
  // biome-ignore lint/suspicious/noExplicitAny: 2 to 5 parameters, which no one signature covers
  store(...parameters: any[]): void;
  // biome-ignore lint/suspicious/noExplicitAny: 3 or 4 parameters
  verify(...parameters: any[]): void;
}

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
  switch (store.store.length) {
    case 5:
      store.store(req, verifier, state, meta, callback);
      break;
    case 4:
      store.store(req, state, meta, callback);
      break;
    case 3:
      store.store(req, meta, callback);
      break;
    default:
      store.store(req, callback);
  }
}

/** A finished login: `ok` is the verifier, where there is one; when it is false, `state` is what to tell. */
export interface VerifiedState {
  ok: boolean | string | undefined;
  state: unknown;
}

/** Finishes a login in `store`. */
export function verifyState(
  store: StateStore,
  req: Request,
  providedState: string | undefined,
  meta: StateMetadata,
): Promise<VerifiedState> {
  return new Promise((resolve, reject) => {
    const callback: VerifyCallback = (error, ok, state) => (error ? reject(error) : resolve({ ok, state }));
    if (store.verify.length === 4) store.verify(req, providedState, meta, callback);
    else store.verify(req, providedState, callback);
  });
}
