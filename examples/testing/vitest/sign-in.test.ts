import { MetafyEmulator, Visitor } from 'passport-metafy/emulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningApp, startApp } from '../app';

const metafy = new MetafyEmulator();
let app: RunningApp;

beforeAll(async () => {
  await metafy.start();
  app = await startApp({
    clientID: 'metafy-demo',
    clientSecret: 'metafy-demo-secret',
    baseURL: metafy.url,
  });
});
afterAll(async () => {
  await app.stop();
  await metafy.stop();
});

test('greets whoever has signed in', async () => {
  const visitor = new Visitor();
  const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
  const callback = await metafy.authorize(authorizationURL, { user: 'ada-coach' });
  expect(await visitor.open(callback)).toBe('Hello, Ada Coach');
});

test('offers another try to those who deny', async () => {
  const visitor = new Visitor();
  const authorizationURL = await visitor.getLocation(`${app.url}/auth/metafy`);
  const callback = await metafy.authorize(authorizationURL, { deny: true });
  expect(await visitor.open(callback)).toContain('Sign in with Metafy');
});
