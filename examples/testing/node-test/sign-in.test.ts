import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MetafyEmulator, Visitor } from 'passport-metafy/emulator';
import { type RunningApp, startApp } from '../app';

const metafy = new MetafyEmulator();
let app: RunningApp;

before(async () => {
  await metafy.start();
  app = await startApp({
    clientID: 'metafy-demo',
    clientSecret: 'metafy-demo-secret',
    baseURL: metafy.url,
  });
});
after(async () => {
  await app.stop();
  await metafy.stop();
});

test('greets whoever has signed in', async () => {
  const visitor = new Visitor();
  const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
  const callback = await metafy.authorize(authorizationURL, { user: 'ada-coach' });
  assert.equal(await visitor.open(callback), 'Hello, Ada Coach');
});

test('offers another try to those who deny', async () => {
  const visitor = new Visitor();
  const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
  const callback = await metafy.authorize(authorizationURL, { deny: true });
  assert.match(await visitor.open(callback), /Sign in with Metafy/);
});
