import type { Hook, Trial } from './trial';

/** What the token endpoint answers, where a case does not say otherwise. */
export const rightAnswer = {
  access_token: 'the-access-token',
  token_type: 'Bearer',
  expires_in: 7200,
  refresh_token: 'the-refresh-token',
  scope: 'profile',
};

/** A hook of the application with a bug. */
export const failing: Hook = () => {
  throw new Error('a bug');
};

/** A store with these numbers of parameters, which answers `stored` and `verified` to its callbacks. */
export function createStore(
  [storeLength, verifyLength]: [number, number],
  { stored = [null, 'of-the-store'] as unknown[], verified = [null, true] as unknown[] } = {},
): NonNullable<Trial['store']> {
  const createMethod = (answer: unknown[], length: number): Hook => {
    const method: Hook = (...parameters) => parameters.at(-1)(...answer);
    return Object.defineProperty(method, 'length', { value: length });
  };
  return () => ({ store: createMethod(stored, storeLength), verify: createMethod(verified, verifyLength) });
}
