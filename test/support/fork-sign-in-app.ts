import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MetafyStrategyOptions } from '../../src';
import type { SignInApp } from './sign-in-app';
import { typescriptArguments } from './typescript';

export type SignInProcess = Pick<SignInApp, 'startURL' | 'callbackURL'> & AsyncDisposable;

/** `startSignInApp` in a process of its own. */
export async function forkSignInApp(strategy: Partial<MetafyStrategyOptions>): Promise<SignInProcess> {
  const child = fork(join(__dirname, 'sign-in-process.ts'), { execArgv: typescriptArguments });
  const exit = once(child, 'exit');
  child.send(strategy);
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
