import { itSignsIn } from '../support/site-behaviour';
import { installExample, runScript, startExample } from './support/installed-example';

describe('examples/sveltekit', function () {
  // It installs from the registry, and builds.
  this.timeout(300_000);
  let directory: string;
  before(async () => {
    directory = await installExample('sveltekit');
    await runScript(directory, 'build');
  });

  itSignsIn((emulator) => startExample(directory, ['node', 'build'], emulator));

  it('has the types that it should', () => runScript(directory, 'types'));
});
