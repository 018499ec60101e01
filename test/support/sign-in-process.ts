import type { MetafyStrategyOptions } from '../../src';
import { startSignInApp } from './sign-in-app';

/** Run by `forkSignInApp`: an application in a process of its own. */
process.on('message', async (strategy: Partial<MetafyStrategyOptions>) => {
  const { startURL, callbackURL } = await startSignInApp({ strategy });
  process.send?.({ startURL, callbackURL });
});
process.on('disconnect', () => process.exit());
