import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { findDefinition } from '../support/definition';
import { type InstalledTree, readInstalledTree } from '../support/installed-tree';
import { findTool, PackedProject, runIn } from '../support/packed-project';

describe('the quality of the package', function () {
  // It builds, packs, and installs from the registry.
  this.timeout(180_000);

  const project = new PackedProject();
  let bare: string;
  let tree: InstalledTree;

  before(async () => {
    await project.pack();
    bare = await project.install('bare', [], {});
    tree = readInstalledTree(bare);
  });
  after(() => project[Symbol.dispose]());

  it('has nothing that publint finds', async () => {
    await runIn(bare, process.execPath, findTool('publint/src/cli.js'), 'run', project.tarball, '--strict');
  });

  it('has types that are right for every way to resolve them', async () => {
    await runIn(bare, process.execPath, findTool('@arethetypeswrong/cli/dist/index.js'), project.tarball);
  });

  it('runs nothing when it is installed, and brings nothing that does', () => {
    expect(tree.packages).to.include('passport-metafy');
    expect(tree.scripted).to.deep.equal([]);
  });

  describe('source maps', () => {
    it('point at sources that are in the package', () => {
      const maps = project.files.filter((path) => path.endsWith('.map'));
      expect(maps.filter((path) => path.endsWith('.d.ts.map'))).to.include('dist/index.d.ts.map');
      for (const path of maps) {
        const { sources } = JSON.parse(readInstalled(path)) as { sources: string[] };
        expect(sources, path).to.have.length(1);
        expect(project.files).to.include(join(path, '..', sources[0] as string));
      }
    });

    for (const [name, module, source] of [
      ['MetafyStrategy', 'passport-metafy', 'src/strategy.ts'],
      ['refreshTokens', 'passport-metafy', 'src/refresh.ts'],
      ['MetafyEmulator', 'passport-metafy/emulator', 'src/emulator/metafy-emulator.ts'],
    ] as const) {
      it(`lead an editor from ${name} to its TypeScript`, async () => {
        const code = `import { ${name} } from '${module}';\nconsole.log(${name});`;
        const place = join(bare, 'node_modules', 'passport-metafy', source);
        expect(await findDefinition(bare, code, name)).to.equal(place);
      });
    }

    it('name the TypeScript in stack traces', async () => {
      const script =
        "require('passport-metafy').refreshTokens({}, '').catch((error) => console.log(error.stack))";
      const stack = await runIn(bare, process.execPath, '--enable-source-maps', '-e', script);
      expect(stack).to.match(/at resolveClient \(.*\/passport-metafy\/src\/client\.ts:\d+/);
    });
  });

  // The figures are budgets: who needs more says why in docs/dependencies.md.
  describe('size', () => {
    let base: InstalledTree;

    before(async () => {
      // What a TypeScript user of passport-oauth2 installs, which this package builds upon.
      const directory = await project.installOnly('base', ['passport-oauth2', '@types/passport-oauth2']);
      base = readInstalledTree(directory);
    });

    it('is two packages more than passport-oauth2 and its types: this one and `cookie`', () => {
      expect(tree.packages).to.have.members([...base.packages, 'cookie', 'passport-metafy']);
    });

    it('is at most 1.3 times theirs', () => {
      expect(tree.bytes / base.bytes).to.be.at.most(1.3);
    });

    it('is at most 220 kB to download and 800 kB to unpack for the package itself', () => {
      expect(project.size.packed).to.be.at.most(220_000);
      expect(project.size.unpacked).to.be.at.most(800_000);
    });
  });

  function readInstalled(path: string): string {
    return readFileSync(join(bare, 'node_modules', 'passport-metafy', path), 'utf8');
  }
});
