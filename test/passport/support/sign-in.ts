import type { Request } from 'express';
import { type MetafyLogin, MetafyStrategy, type MetafyStrategyOptions } from '../../../src';
import type { StateMetadata } from '../../../src/passport/state-store';
import { strategyOptions } from '../../support/client-options';
import { createRequest, type RequestParts, type startLogin } from '../../support/strategy-run';

export const failure = new Error('a bug');

export function fail(): never {
  throw failure;
}

/** What a sign-in of `createStrategy()` belongs to. */
export const stateMetadata: StateMetadata = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  tokenURL: 'https://metafy.gg/irk/oauth/token',
  clientID: strategyOptions.clientID,
  callbackURL: strategyOptions.callbackURL,
};

type Verify = (login: MetafyLogin) => Express.User | false | null | Promise<Express.User>;

/** A strategy that signs in whom Metafy names. */
export function createStrategy(
  options: Partial<MetafyStrategyOptions> = {},
  verify: Verify = ({ profile }) => ({ id: profile.id }),
): MetafyStrategy {
  return new MetafyStrategy({ ...strategyOptions, ...options }, verify);
}

/** Metafy's callback to the browser in which `startLogin` has started a sign-in. */
export function createCallback(
  { state, jar }: Pick<Awaited<ReturnType<typeof startLogin>>, 'state' | 'jar'>,
  query = 'code=a-code',
  parts: RequestParts = {},
): Request {
  return createRequest({ url: `/cb?${query}&state=${state}`, cookies: jar, ...parts });
}

type StoreCall = [error: Error | null, ...values: unknown[]];

/** What a state store that answers at once gives its callback. */
export function callStore(call: (callback: (...given: StoreCall) => void) => void): StoreCall {
  let answer: StoreCall | undefined;
  call((...given) => {
    answer = given;
  });
  return answer as StoreCall;
}

export type Done = (error: unknown, ...values: unknown[]) => void;

/** A store of passport-oauth2's shape, whose methods have this many parameters. */
export function createStore(storeLength: number, verifyLength: number) {
  const toMethod = (length: number, answer: unknown) => {
    const method = (...parameters: unknown[]) => (parameters.at(-1) as Done)(null, answer);
    return Object.defineProperty(method, 'length', { value: length });
  };
  return { store: toMethod(storeLength, 'of-the-store'), verify: toMethod(verifyLength, true) };
}
