import { callHook } from './hooks';
import type { MetafyStrategyOptions } from './strategy-options';

/** passport-oauth2's option: a value, a function that returns one, or one that answers to a callback. */
export type SkipUserProfile = MetafyStrategyOptions['skipUserProfile'];

/**
 * Whether the profile is to be left out for this token.
 *
 * @param strategy what a function is called on, as passport-oauth2 does
 */
export async function shouldSkip(
  skip: SkipUserProfile,
  strategy: object,
  accessToken: string,
): Promise<boolean> {
  if (typeof skip !== 'function') return Boolean(skip);
  // As passport-oauth2 tells them apart.
  if (skip.length < 2) return Boolean(await (skip as () => boolean | PromiseLike<boolean>).call(strategy));
  const [answer] = await callHook<[skip?: boolean]>((done) => skip.call(strategy, accessToken, done));
  return Boolean(answer);
}
