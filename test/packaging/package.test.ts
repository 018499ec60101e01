import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { bin, name, peerDependencies, version } from '../../package.json';
import { findDefinition } from '../support/definition';
import { type InstalledTree, readInstalledTree } from '../support/installed-tree';
import { findTool, PackedProject, runIn } from '../support/packed-project';

const consumer = `
import express from 'express';
import passport from 'passport';
import { type MetafyProfile, MetafyError, MetafyStrategy, type MetafyTokens, refreshTokens } from 'passport-metafy';
import { MetafyEmulator } from 'passport-metafy/emulator';
import { MetafySignIn } from 'passport-metafy/web';

const client = { clientID: process.env.METAFY_CLIENT_ID, clientSecret: process.env.METAFY_CLIENT_SECRET };

async function save(profile: MetafyProfile, tokens: MetafyTokens): Promise<{ id: string; until: Date }> {
  return { id: profile.id, until: tokens.expiresAt };
}

passport.use(
  new MetafyStrategy({ ...client, callbackURL: 'https://example.com/auth/metafy/callback' }, ({ profile, tokens }) =>
    save(profile, tokens),
  ),
);

const app = express();
app.get('/auth/metafy', passport.authenticate('metafy', { scope: ['profile', 'community'], state: { returnTo: '/' } }));

const signIn = new MetafySignIn({ ...client, callbackURL: 'https://example.com/auth/metafy/callback' });

export async function finish(request: Request): Promise<Response> {
  const { profile, headers }: { profile: MetafyProfile; headers: Headers } = await signIn.finish(request);
  return Response.json({ id: profile.id }, { headers });
}

export async function check(token: string): Promise<string> {
  const emulator = await new MetafyEmulator().start();
  try {
    return (await refreshTokens({ ...client, baseURL: emulator.url }, token)).accessToken;
  } catch (error) {
    return error instanceof MetafyError ? error.code : 'unknown';
  } finally {
    await emulator.stop();
  }
}
// @ts-expect-error a strategy needs a verify callback
new MetafyStrategy({ ...client, callbackURL: 'https://example.com/' });
`;

/** The lines of TypeScript that the declarations compile with, from the first that is supported to the newest. */
const compilers = { '5.9': 'typescript5', '6.0': 'typescript6', '7.0': 'typescript7' };

/** What an application imports. */
const entryPoints = ['passport-metafy', 'passport-metafy/web', 'passport-metafy/emulator'];

// Jest has globals and an instanceof of its own, which transports and errors have failed on before.
const jestTest = `
const { MetafyEmulator } = require('passport-metafy/emulator');
const { MetafyError, refreshTokens } = require('passport-metafy');

test('errors are those of the package, with their cause', async () => {
  const client = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret' };
  const emulator = await new MetafyEmulator().start();
  const refused = await refreshTokens({ ...client, baseURL: emulator.url }, 'unknown').catch((error) => error);
  await emulator.stop();
  const unreachable = await refreshTokens({ ...client, baseURL: 'http://127.0.0.1:1' }, 'any').catch((error) => error);
  expect(refused).toBeInstanceOf(MetafyError);
  expect(refused.code).toBe('invalid_grant');
  expect(unreachable.code).toBe('network');
  expect(unreachable.cause).toMatchObject({ code: 'ECONNREFUSED' });
});
`;

/** What `npm publish --json` prints. */
interface Published {
  name: string;
  version: string;
  files: { path: string }[];
}

describe('the package as npm packs it', function () {
  // It builds, packs, and installs from the registry, once for all tests.
  this.timeout(180_000);

  const project = new PackedProject();
  /** A project with nothing else, one with all peers, and one with passport-oauth2 instead. */
  let bare: string;
  let full: string;
  /** One with the compilers. As development dependencies they would take the place of this project's own `tsc`. */
  let compilersDirectory: string;
  let base: InstalledTree;
  const node = (directory: string, ...parameters: string[]) => runIn(directory, process.execPath, ...parameters);
  const evaluate = async (directory: string, script: string, ...options: string[]) =>
    (await node(directory, ...options, '-e', script)).trim();

  before(async () => {
    await project.pack();
    const files = {
      ...Object.fromEntries(['mts', 'cts', 'ts'].map((extension) => [`consumer.${extension}`, consumer])),
      'errors.test.js': jestTest,
      'unused.mjs': "import { MetafyStrategy as unused } from 'passport-metafy';\nconsole.log('the application');",
    };
    let baseDirectory: string;
    [bare, full, baseDirectory, compilersDirectory] = await Promise.all([
      project.install('bare', [], {}),
      project.install('full', ['express', ...Object.keys(peerDependencies)], files),
      // What a TypeScript user of passport-oauth2, which this package builds upon, installs.
      project.installOnly('base', ['passport-oauth2', '@types/passport-oauth2']),
      project.installOnly(
        'compilers',
        Object.entries(compilers).map(([version, alias]) => `${alias}@npm:typescript@~${version}.0`),
      ),
    ]);
    base = readInstalledTree(baseDirectory);
  });
  after(() => project[Symbol.dispose]());

  describe('contains', () => {
    it('what was built, its sources and its documents, and nothing else', () => {
      const sources = project.files.filter((path) => path.startsWith('src/'));
      expect(sources).to.include.members(['src/index.ts', 'src/web/index.ts', 'src/emulator/index.ts']);
      const built = sources.flatMap((path) =>
        ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((end) => path.replace(/^src(.*)\.ts$/, `dist$1${end}`)),
      );
      const root = join(__dirname, '..', '..');
      const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
      const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', ...guides.map((name) => `docs/${name}`)];
      expect(project.files).to.have.members(['package.json', ...documents, ...sources, ...built]);
    });

    it('source maps whose sources are in the package', () => {
      for (const path of project.files.filter((file) => file.endsWith('.map'))) {
        const text = readFileSync(join(bare, 'node_modules', 'passport-metafy', path), 'utf8');
        const [source = ''] = (JSON.parse(text) as { sources: string[] }).sources;
        expect(project.files).to.include(join(path, '..', source));
      }
    });

    // The figures are budgets: who needs more says why in docs/dependencies.md.
    it('at most 340 kB to download and 1,300 kB to unpack', () => {
      expect(project.size.packed).to.be.at.most(340_000);
      expect(project.size.unpacked).to.be.at.most(1_300_000);
    });

    it('two packages more than passport-oauth2 and its types, and no install script', () => {
      const { packages, scripted } = readInstalledTree(bare);
      expect(packages).to.have.members([...base.packages, 'cookie', 'passport-metafy']);
      expect(scripted).to.deep.equal([]);
    });

    it('what the release workflow would publish, which needs no registry to be seen', async () => {
      // The command of release.yml. Nothing listens on this port.
      const publish = ['publish', project.tarball, '--ignore-scripts'];
      const dryRun = ['--dry-run', '--json', '--silent', '--registry', 'http://127.0.0.1:1', '--fetch-retries', '0'];
      const output = await runIn(bare, 'npm', ...publish, ...dryRun);
      const answer = JSON.parse(output) as Published & Record<string, Published>;
      // npm 11 puts it under the package's name.
      const published = answer[name] ?? answer;
      expect(published).to.include({ name, version });
      expect(published.files.map(({ path }) => path)).to.have.members(project.files);
    });

    it('a package.json that npm publishes without correcting it', async () => {
      const directory = join(bare, 'node_modules', name);
      const readPackage = () => readFileSync(join(directory, 'package.json'), 'utf8');
      const packed = readPackage();
      // Corrects what `npm publish` would.
      await runIn(directory, 'npm', 'pkg', 'fix');
      expect(readPackage()).to.equal(packed);
    });

    it('nothing that publint finds', () =>
      node(bare, findTool('publint/src/cli.js'), 'run', project.tarball, '--strict'));

    it('types that are right for every way to resolve them', () =>
      node(bare, findTool('@arethetypeswrong/cli/dist/index.js'), project.tarball));
  });

  describe('at run time', () => {
    it('has the same named exports for require and import, and is one package for both', async () => {
      const script = `
        import { createRequire } from 'node:module';
        const require = createRequire(process.cwd() + '/any.js');
        for (const path of ${JSON.stringify(entryPoints)}) {
          const imported = await import(path);
          const required = Object.entries(require(path));
          console.log(required.length > 0 && required.every(([name, value]) => imported[name] === value));
        }
      `;
      expect(await evaluate(full, script, '--input-type=module')).to.equal('true\ntrue\ntrue');
    });

    it('has one class of each error for all entry points', async () => {
      const script =
        "console.log(require('passport-metafy').MetafyError === require('passport-metafy/web').MetafyError)";
      expect(await evaluate(bare, script)).to.equal('true');
    });

    it('is left out by a bundler where nothing of it is used', async () => {
      const options = { entryPoints: ['unused.mjs'], bundle: true, platform: 'node', write: false, logLevel: 'error' };
      const script = `
        const { buildSync } = require(${JSON.stringify(findTool('esbuild'))});
        console.log(buildSync(${JSON.stringify(options)}).outputFiles[0].text);
      `;
      const bundle = await evaluate(full, script);
      expect(bundle).to.include('the application').and.not.to.include('Metafy');
    });

    it('loads none of Passport’s packages for `passport-metafy/web`', async () => {
      const script = `
        require('passport-metafy/web');
        const foreign = Object.keys(require.cache).filter((path) => !path.includes('/node_modules/passport-metafy/'));
        console.log(JSON.stringify(foreign));
      `;
      expect(JSON.parse(await evaluate(full, script)).join()).not.to.match(/passport|oauth|express/);
    });

    it('loads without Passport', async () => {
      expect(existsSync(join(bare, 'node_modules', 'passport'))).to.equal(false);
      expect(await evaluate(bare, "console.log(typeof require('passport-metafy').MetafyStrategy)")).to.equal(
        'function',
      );
    });

    it('lets nobody reach into it, other than for its package.json', async () => {
      const script = "try { require('passport-metafy/dist/index') } catch (error) { console.log(error.code) }";
      expect(await evaluate(bare, script)).to.equal('ERR_PACKAGE_PATH_NOT_EXPORTED');
      const printed = await evaluate(bare, "console.log(require('passport-metafy/package.json').name)");
      expect(printed).to.equal('passport-metafy');
    });

    for (const command of Object.keys(bin)) {
      it(`has the command ${command}`, async () => {
        const help = await runIn(full, join(full, 'node_modules', '.bin', command), '--help');
        expect(help).to.match(new RegExp(`^Usage: ${command}`));
      });
    }

    it('runs in Jest with its default settings', () => node(full, findTool('jest/bin/jest.js'), '--rootDir', full));

    it('names its TypeScript in stack traces', async () => {
      const script = "require('passport-metafy').refreshTokens({}, '').catch((error) => console.log(error.stack))";
      const stack = await evaluate(bare, script, '--enable-source-maps');
      expect(stack).to.match(/\/passport-metafy\/src\/[\w/-]+\.ts:\d+/);
    });
  });

  describe('in TypeScript', () => {
    for (const [compiler, alias] of Object.entries(compilers)) {
      for (const [resolution, ...parameters] of [
        ['node16', '--module', 'node16', 'consumer.cts', 'consumer.mts'],
        ['nodenext', '--module', 'nodenext', 'consumer.cts', 'consumer.mts'],
        ['bundler', '--module', 'esnext', '--moduleResolution', 'bundler', 'consumer.ts'],
      ]) {
        it(`${compiler} passes the strictest checks, of libraries as well, with the resolution ${resolution}`, () => {
          const tsc = join(compilersDirectory, 'node_modules', alias, 'bin', 'tsc');
          const strict = '--noEmit --strict --skipLibCheck false --target es2022 --types node --esModuleInterop';
          return node(full, tsc, ...strict.split(' '), ...parameters);
        });
      }
    }

    for (const [exported, module] of [
      ['MetafyStrategy', 'passport-metafy'],
      ['MetafySignIn', 'passport-metafy/web'],
      ['MetafyEmulator', 'passport-metafy/emulator'],
    ] as const) {
      it(`leads an editor from ${exported} to its source`, async () => {
        const code = `import { ${exported} } from '${module}';\nconsole.log(${exported});`;
        const definition = await findDefinition(bare, code, exported);
        expect(definition).to.match(/\/passport-metafy\/src\/[\w/-]+\.ts$/);
        expect(readFileSync(definition as string, 'utf8')).to.include(`export class ${exported}`);
      });
    }
  });
});
