import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { MetafyEmulator, type MetafyEmulatorCommunity } from '../../../src/emulator';
import { click, expectHeading, expectNotice, expectState, openSupporters, signIn, tabTo } from './support/steps';
import { useDemoInBrowser } from './support/window';

describe('the pages for supporters, in Chromium', function () {
  this.timeout(60_000);
  const window = useDemoInBrowser();

  for (const [name, link, status, state, tier] of [
    ['Ada Coach', 'Supporters', 200, 'Unlocked', 'Inner Circle'],
    ['Grace Student', 'Supporters', 200, 'Unlocked', 'Supporter'],
    ['Linus Partner', 'Supporters', 403, 'Locked', 'none'],
    ['Edsger Follower', 'Inner Circle', 403, 'Locked', 'none'],
    ['Barbara Newcomer', 'Supporters', 403, 'Locked', 'none'],
  ] as const) {
    window.it(`${link} is ${state} for ${name}, tier: ${tier}`, async (page) => {
      await openSupporters(page, window.demo.url, name);
      await click(page, link);
      await expectState(page, state, tier);
      expect((await page.reload())?.status()).to.equal(status);
    });
  }

  for (const [name, link, state, tier] of [
    ['Ada Coach', 'Inner Circle', 'Unlocked', 'Inner Circle'],
    ['Grace Student', 'Inner Circle', 'Locked', 'Supporter'],
    ['Alan Lapsed', 'Supporters', 'Locked', 'none'],
  ] as const) {
    window.itLooksRight(`${link} is ${state} for ${name}, tier: ${tier}`, async (page) => {
      await openSupporters(page, window.demo.url, name);
      await click(page, link);
      await expectState(page, state, tier);
    });

    window.itLooksRight(`${link} stays ${state} for ${name} during an outage, and says so`, async (page) => {
      await openSupporters(page, window.demo.url, name);
      await click(page, link);
      await click(page, 'Start an outage');
      await expectNotice(page, 'Metafy is not answering');
      await expectState(page, state, tier, 'last known');
      await Promise.all([page.waitForEvent('load'), click(page, 'Check again')]);
      await expectState(page, state, tier, 'last known');
    });
  }

  window.itLooksRight(
    'says during an outage that nothing is known of somebody who has just signed in',
    async (page) => {
      await openDuringOutage(page);
      expect((await page.reload())?.status()).to.equal(502);
    },
  );

  window.it('unlocks once the outage is over', async (page) => {
    await openDuringOutage(page);
    await click(page, 'End the outage');
    await expectState(page, 'Unlocked', 'Supporter');
  });

  window.it('works by keyboard alone, with a visible focus all the way', async (page) => {
    await openSupporters(page, window.demo.url);
    await tabTo(page, 'Inner Circle');
    await page.keyboard.press('Enter');
    await expectHeading(page, 'Inner Circle');
    await tabTo(page, 'Check again');
    await page.keyboard.press('Enter');
    await expectNotice(page, 'asked again');
    await tabTo(page, 'Start an outage');
    await page.keyboard.press('Space');
    await expectNotice(page, 'Metafy is not answering');
  });

  window.it(
    'works without JavaScript',
    async (page) => {
      await openSupporters(page, window.demo.url);
      await click(page, 'Start an outage');
      await expectState(page, 'Unlocked', 'Inner Circle', 'last known');
      await click(page, 'End the outage');
      await expectState(page, 'Unlocked', 'Inner Circle');
    },
    { javaScriptEnabled: false },
  );

  async function openDuringOutage(page: Page): Promise<void> {
    await openSupporters(page, window.demo.url);
    await click(page, 'Start an outage');
    await expectNotice(page, 'Metafy is not answering');
    await page.context().clearCookies();
    await signIn(page, window.demo.url, 'Grace Student');
    await click(page, 'Supporters');
    await page.getByRole('heading', { name: 'Metafy is not answering' }).waitFor();
  }
});

describe('the pages for supporters with a Metafy in another process, in Chromium', function () {
  this.timeout(60_000);
  const emulator = new MetafyEmulator();
  const [{ id: community, tiers }] = emulator.communities as [MetafyEmulatorCommunity];
  // This demo does not know what they are called.
  const [lowest = '', , highest = ''] = tiers.map(({ id }) => id);
  const window = useDemoInBrowser(emulator);

  window.it('notice a new and an ended subscription on “Check again”, and not before', async (page) => {
    await openSupporters(page, window.demo.url, 'Barbara Newcomer');
    emulator.subscribe('barbara-newcomer', community, lowest);
    await page.reload();
    await expectState(page, 'Locked', 'none');
    await click(page, 'Check again');
    await expectState(page, 'Unlocked', lowest);
    emulator.cancel('barbara-newcomer', community);
    await page.reload();
    await expectState(page, 'Unlocked', lowest);
    await click(page, 'Check again');
    await expectState(page, 'Locked', 'none');
  });

  window.it('notice a new subscription after another sign-in', async (page) => {
    await openSupporters(page, window.demo.url, 'Edsger Follower');
    await expectState(page, 'Locked', 'none');
    emulator.subscribe('edsger-follower', community, lowest);
    await page.goto(`${window.demo.url}/auth/metafy?returnTo=/supporters`);
    await click(page, 'Allow');
    await expectState(page, 'Unlocked', lowest);
  });

  window.it('say after “Check again” that Metafy gave no answer, and stay as they were', async (page) => {
    await openSupporters(page, window.demo.url);
    emulator.fail('purchases', { status: 500 });
    await click(page, 'Check again');
    await expectNotice(page, 'gave no answer');
    await expectState(page, 'Unlocked', highest);
  });

  window.it('offer no outage', async (page) => {
    await openSupporters(page, window.demo.url);
    expect(await page.getByText('outage').count()).to.equal(0);
  });

  window.it('ask whoever is not signed in to do so, and open after that', async (page) => {
    expect((await page.goto(`${window.demo.url}/inner-circle`))?.status()).to.equal(401);
    await expectHeading(page, 'Please sign in');
    await click(page, 'Sign in with Metafy');
    await page.getByRole('button', { name: 'Ada Coach' }).click();
    await click(page, 'Allow');
    await expectHeading(page, 'Inner Circle');
  });

  const refusals = {
    'A permission is missing': () => {
      const headers = { 'WWW-Authenticate': 'Bearer realm="Doorkeeper", error="insufficient_scope"' };
      emulator.fail('purchases', { status: 403, headers });
    },
    'Please sign in again': () => {
      emulator.fail('purchases', { status: 401 });
      emulator.fail('token', { status: 400, body: { error: 'invalid_grant' } });
    },
  };
  for (const [heading, refuse] of Object.entries(refusals)) {
    const openRefusal = async (page: Page): Promise<void> => {
      await signIn(page, window.demo.url);
      refuse();
      await click(page, 'Supporters');
      await expectHeading(page, heading);
    };

    window.itLooksRight(`say “${heading}” when Metafy does`, openRefusal);

    window.it(`open after the sign-in that “${heading}” leads to`, async (page) => {
      await openRefusal(page);
      await click(page, 'Sign in again');
      await click(page, 'Allow');
      await expectState(page, 'Unlocked', highest);
    });
  }
});
