import { expect, test } from '@playwright/test';
import { MetafyEmulator } from 'passport-metafy/emulator';
import { type RunningApp, startApp } from '../app';

const metafy = new MetafyEmulator();
let app: RunningApp;

test.beforeAll(async () => {
  await metafy.start();
  app = await startApp({
    clientID: 'metafy-demo',
    clientSecret: 'metafy-demo-secret',
    baseURL: metafy.url,
  });
});
test.afterAll(async () => {
  await app.stop();
  await metafy.stop();
});

test('greets whoever has signed in', async ({ page }) => {
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Sign in with Metafy' }).click();
  // Metafy's pages, as the emulator shows them.
  await page.getByRole('button', { name: 'Grace Student' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page.getByText('Hello, Grace Student')).toBeVisible();
});

test('offers another try to those who deny', async ({ page }) => {
  await page.goto(`${app.url}/auth/metafy`);
  await page.getByRole('button', { name: 'Ada Coach' }).click();
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(page.getByRole('link', { name: 'Sign in with Metafy' })).toBeVisible();
});
