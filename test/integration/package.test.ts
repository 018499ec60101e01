import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { findTool, PackedProject, runIn } from '../support/packed-project';

const functions = [
  'CookieStateStore',
  'MetafyClientCredentials',
  'MetafyError',
  'MetafyOAuthError',
  'MetafyResponseError',
  'MetafyStrategy',
  'MetafyUserTokens',
  'Strategy',
  'refreshTokens',
  'revokeToken',
];

const consumer = `
import express from 'express';
import passport from 'passport';
import { type MetafyProfile, MetafyError, MetafyStrategy, type MetafyTokens, refreshTokens } from 'passport-metafy';
import { MetafyEmulator } from 'passport-metafy/emulator';

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
app.get('/auth/metafy/callback', passport.authenticate('metafy', { failureRedirect: '/login' }));

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

const jestTest = `
const express = require('express');
const passport = require('passport');
const { MetafyEmulator } = require('passport-metafy/emulator');
const { MetafyError, MetafyStrategy, refreshTokens } = require('passport-metafy');

const client = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret' };

test('an application signs in', async () => {
  const emulator = await new MetafyEmulator().start();
  const callbackURL = 'http://127.0.0.1:3000/auth/metafy/callback';
  passport.use(new MetafyStrategy({ ...client, baseURL: emulator.url, callbackURL }, ({ profile }) => profile));
  const app = express();
  app.get('/auth/metafy', passport.authenticate('metafy', { session: false }));
  app.get('/auth/metafy/callback', passport.authenticate('metafy', { session: false }), (req, res) => res.json(req.user));
  const server = await new Promise((resolve) => { const started = app.listen(0, () => resolve(started)); });
  const origin = 'http://127.0.0.1:' + server.address().port;

  const start = await fetch(origin + '/auth/metafy', { redirect: 'manual' });
  const callback = new URL(await emulator.authorize(start.headers.get('location')));
  const cookie = start.headers.getSetCookie()[0].split(';')[0];
  const answer = await fetch(origin + callback.pathname + callback.search, { headers: { cookie } });
  expect((await answer.json()).username).toBe('ada-coach');

  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await emulator.stop();
});

test('the emulator answers, and its refusal is an error of the package', async () => {
  const emulator = await new MetafyEmulator().start();
  const refusal = await refreshTokens({ ...client, baseURL: emulator.url }, 'unknown').catch((error) => error);
  await emulator.stop();
  expect(refusal).toBeInstanceOf(MetafyError);
  expect(refusal.code).toBe('invalid_grant');
});

test('a network fault has its cause', async () => {
  const emulator = await new MetafyEmulator().start();
  const baseURL = emulator.url;
  await emulator.stop();
  const fault = await refreshTokens({ ...client, baseURL }, 'any').catch((error) => error);
  expect(fault.code).toBe('network');
  expect(fault.cause).toMatchObject({ code: 'ECONNREFUSED' });
});
`;

describe('the package as npm packs it', function () {
  // It builds, packs, and installs from the registry.
  this.timeout(180_000);

  const project = new PackedProject();
  let bare: string;
  let full: string;

  before(async () => {
    await project.pack();
    bare = await project.install('bare', [], {});
    full = await project.install('full', ['express', 'passport', '@node-oauth/oauth2-server'], {
      'consumer.mts': consumer,
      'consumer.cts': consumer,
      'consumer.ts': consumer,
      'passport-metafy.test.js': jestTest,
    });
  });
  after(() => project[Symbol.dispose]());

  it('holds what was built, its sources and its documents, and nothing else', () => {
    const sources = project.files.filter((path) => path.startsWith('src/'));
    expect(sources).to.include('src/index.ts').and.to.include('src/emulator/cli.ts');
    const built = sources.flatMap((path) =>
      ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((end) =>
        path.replace('src/', 'dist/').replace(/\.ts$/, end),
      ),
    );
    const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
    expect(project.files).to.have.members([...documents, ...sources, ...built]);
  });

  it('gives its named exports to require, without Passport or the emulator’s library', async () => {
    expect(existsSync(join(bare, 'node_modules', 'passport'))).to.equal(false);
    const output = await evaluate(bare, "console.log(Object.keys(require('passport-metafy')).sort().join())");
    expect(output.split(',')).to.deep.equal(functions);
  });

  it('says what to install for the emulator when that is missing', async () => {
    const script = "try { require('passport-metafy/emulator') } catch (error) { console.log(error.message) }";
    expect(await evaluate(bare, script)).to.match(/npm install --save-dev @node-oauth\/oauth2-server/);
  });

  it('gives the emulator to require', async () => {
    const script = "console.log(Object.keys(require('passport-metafy/emulator')).join())";
    expect(await evaluate(full, script)).to.equal('MetafyEmulator');
  });

  it('gives its named exports to import', async () => {
    const script = `
      import { ${functions.join(', ')} } from 'passport-metafy';
      import { MetafyEmulator } from 'passport-metafy/emulator';
      console.log([${functions.join(', ')}, MetafyEmulator].map((value) => typeof value).join());
    `;
    const output = await runIn(full, process.execPath, '--input-type=module', '-e', script);
    expect(new Set(output.trim().split(','))).to.deep.equal(new Set(['function']));
  });

  it('is one package for require and import', async () => {
    const script = `
      import { createRequire } from 'node:module';
      import { MetafyStrategy } from 'passport-metafy';
      const required = createRequire(process.cwd() + '/any.js')('passport-metafy');
      console.log(required.MetafyStrategy === MetafyStrategy);
    `;
    expect((await runIn(full, process.execPath, '--input-type=module', '-e', script)).trim()).to.equal(
      'true',
    );
  });

  it('lets nobody reach into it', async () => {
    const script = "try { require('passport-metafy/dist/http') } catch (error) { console.log(error.code) }";
    expect(await evaluate(bare, script)).to.equal('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('shows its version to tools that read its package.json', async () => {
    expect(await evaluate(bare, "console.log(require('passport-metafy/package.json').name)")).to.equal(
      'passport-metafy',
    );
  });

  it('brings the command metafy-emulator', async () => {
    const help = await runIn(full, join(full, 'node_modules', '.bin', 'metafy-emulator'), '--help');
    expect(help).to.match(/^Usage: metafy-emulator/);
  });

  for (const [resolution, file, options] of [
    ['node16, for require', 'consumer.cts', ['--module', 'node16']],
    ['node16, for import', 'consumer.mts', ['--module', 'node16']],
    ['bundler', 'consumer.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ] as const) {
    it(`type-checks in a strict project that checks libraries as well (${resolution})`, async () => {
      const strict = [
        '--noEmit',
        '--strict',
        '--target',
        'es2022',
        '--skipLibCheck',
        'false',
        '--types',
        'node',
      ];
      const esModule = ['--esModuleInterop', 'true'];
      await runIn(
        full,
        process.execPath,
        findTool('typescript/bin/tsc'),
        ...strict,
        ...esModule,
        ...options,
        file,
      );
    });
  }

  it('runs in Jest with its default settings', async () => {
    await runIn(full, process.execPath, findTool('jest/bin/jest.js'), '--rootDir', full);
  });

  function evaluate(directory: string, script: string): Promise<string> {
    return runIn(directory, process.execPath, '-e', script).then((output) => output.trim());
  }
});
