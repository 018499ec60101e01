import { frontEnds, type SignInSiteOptions, startSignInSite } from './front-ends';

/** Run by `forkSignInSite`: an application in a process of its own. */
process.on('message', async ({ name, options }: { name: string; options: SignInSiteOptions }) => {
  const frontEnd = frontEnds.find((candidate) => candidate.name === name);
  if (!frontEnd) throw new Error(`there is no front end ${name}`);
  const { startURL, callbackURL } = await startSignInSite(frontEnd, options);
  process.send?.({ startURL, callbackURL });
});
process.on('disconnect', () => process.exit());
