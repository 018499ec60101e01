import { itSignsIn } from '../support/site-behaviour';
import { installExample, runScript, startExample } from './support/installed-example';

describe('examples/hono', function () {
  // It installs from the registry.
  this.timeout(300_000);
  let directory: string;
  before(async () => {
    directory = await installExample('hono');
  });

  itSignsIn((emulator) => startExample(directory, ['tsx', 'server.ts'], emulator));

  it('has the types that it should', () => runScript(directory, 'types'));
});
