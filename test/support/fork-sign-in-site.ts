import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FrontEnd, SignInSite, SignInSiteOptions } from './front-ends';
import { typescriptArguments } from './typescript';

export type SignInProcess = Pick<SignInSite, 'startURL' | 'callbackURL'> & AsyncDisposable;

/** `startSignInSite` in a process of its own. */
export async function forkSignInSite({ name }: FrontEnd, options: SignInSiteOptions): Promise<SignInProcess> {
  const child = fork(join(__dirname, 'sign-in-process.ts'), { execArgv: typescriptArguments });
  const exit = once(child, 'exit');
  child.send({ name, options });
  const ended = exit.then(([code]) => {
    throw new Error(`the process of the application ended with ${code}`);
  });
  ended.catch(() => {});
  const [urls] = (await Promise.race([once(child, 'message'), ended])) as [SignInProcess];
  const stop = async () => {
    child.disconnect();
    await exit;
  };
  return { ...urls, [Symbol.asyncDispose]: stop };
}
