import type { Page } from 'playwright-core';

/*
 * What a person does and sees. Each step waits until its page is there.
 */

export async function click(page: Page, name: string): Promise<void> {
  const options = { name, exact: true };
  await page.getByRole('button', options).or(page.getByRole('link', options)).click();
}

export async function expectHeading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
}

export async function expectNotice(page: Page, text: string): Promise<void> {
  await page.getByRole('status').getByText(text).waitFor();
}

/** From the demo's start page to the emulator's consent page. */
export async function openConsent(page: Page, demoURL: string, name = 'Ada Coach'): Promise<void> {
  await page.goto(demoURL);
  await click(page, 'Sign in with Metafy');
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Allow' }).waitFor();
}

/** From the demo's start page to the account page. */
export async function signIn(page: Page, demoURL: string, name = 'Ada Coach'): Promise<void> {
  await openConsent(page, demoURL, name);
  await click(page, 'Allow');
  await expectHeading(page, name);
}

/** From the demo's start page to the page for supporters, without the outage that another visitor may have started. */
export async function openSupporters(page: Page, demoURL: string, name?: string): Promise<void> {
  await signIn(page, demoURL, name);
  await click(page, 'Supporters');
  await expectHeading(page, 'Supporters');
  const end = page.getByRole('button', { name: 'End the outage' });
  if (await end.isVisible()) await end.click();
}

/** Expects a page for supporters to say whether it is open, and what Metafy said when. */
export async function expectState(page: Page, state: 'Locked' | 'Unlocked', tier: string, mark = ''): Promise<void> {
  await page.getByText(state, { exact: true }).waitFor();
  const answer = new RegExp(`Your tier\\s*${tier}\\s.*Checked\\s*(just now|\\d+ \\w+ ago)\\s*${mark}\\s*$`, 's');
  await page.locator('dl').filter({ hasText: answer }).waitFor();
}

/** Waits for the request that brings the browser back from Metafy, and resolves to its URL. */
export async function watchCallback(page: Page): Promise<string> {
  const request = await page.waitForRequest(/\/auth\/metafy\/callback\?/);
  return request.url();
}

/** Presses Tab until the element whose text begins with `text` has the focus, and expects to see each focus. */
export async function tabTo(page: Page, text: string): Promise<void> {
  for (let presses = 0; presses < 10; presses += 1) {
    await page.keyboard.press('Tab');
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outline');
    // Not only its width, which is 3px also where nothing is drawn.
    if (!String(outline).includes('solid 3px')) throw new Error(`The focus is not visible: ${outline}.`);
    if ((await page.locator(':focus').textContent())?.trim().startsWith(text)) return;
  }
  throw new Error(`“${text}” cannot be reached with Tab.`);
}
