import { itSignsIn } from '../support/site-behaviour';
import { installExample, runScript, startExample } from './support/installed-example';

describe('examples/bun', function () {
  // It installs from the registry.
  this.timeout(300_000);
  let directory: string;
  before(async () => {
    directory = await installExample('bun');
  });

  itSignsIn((emulator) => startExample(directory, ['bun', 'server.ts'], emulator));

  it('has the types that it should', () => runScript(directory, 'types'));
});
