import { callHook } from './hooks';
import type { MetafyStrategyOptions } from './strategy-options';

/** passport-oauth2's option: a value, a function that returns one, or one that answers to a callback. */
export type SkipUserProfile = MetafyStrategyOptions['skipUserProfile'];

/** Whether the profile is to be left out for this token. */
export async function shouldSkip(skip: SkipUserProfile, accessToken: string): Promise<boolean> {
  if (typeof skip !== 'function') return Boolean(skip);
  // As passport-oauth2 tells them apart.
  if (skip.length < 2) return Boolean(await (skip as () => boolean | PromiseLike<boolean>)());
  const [answer] = await callHook<[skip?: boolean]>((done) => skip(accessToken, done));
  return Boolean(answer);
}
