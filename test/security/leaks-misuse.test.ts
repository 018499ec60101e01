import { expect } from 'chai';
import { CookieStateStore, MetafyClientCredentials, MetafyStrategy, MetafyUserTokens } from '../../src';
import { MetafyEmulator } from '../../src/emulator';
import { strategyOptions } from '../support/client-options';
import { createRequest, expectOutcome, runStrategy } from '../support/strategy-run';
import { findSecrets, print, secrets } from './support/secrets';

const { clientSecret, accessToken, cookieSecret } = secrets;
const right = { ...strategyOptions, clientSecret };
const clientOptions = ['clientID', 'baseURL', 'timeoutMs', 'agent', 'scope', 'secret'];
const urlOptions = ['callbackURL', 'authorizationURL', 'tokenURL', 'userProfileURL'];
const strategyOnly = [...urlOptions, 'store', 'state', 'pkce', 'customHeaders', 'skipUserProfile'];
const tokenOptions = ['lock', 'refreshBeforeMs', 'cache'];

/** A secret in the wrong place, as text and inside something. */
const misplaced: unknown[] = [
  clientSecret,
  `https://user:${clientSecret}@metafy.gg`,
  `http://metafy.gg/${clientSecret}`,
  `ftp://${clientSecret}`,
  { secret: clientSecret },
  [clientSecret, 1],
  () => clientSecret,
];

function expectSilence(create: () => unknown): void {
  try {
    create();
  } catch (error) {
    expect(findSecrets(print(error))).to.deep.equal([]);
  }
}

// What each check says is tested in test/util/assert.test.ts and test/metafy/client.test.ts.
describe('secrets in the messages of a misuse (OWASP Error Handling Cheat Sheet)', () => {
  for (const value of misplaced) {
    it(`are not repeated when one is given as an option: ${typeof value} ${JSON.stringify(value)}`, () => {
      for (const name of [...clientOptions, ...strategyOnly, ...tokenOptions]) {
        const options = { ...right, [name]: value };
        expectSilence(() => new MetafyStrategy(options as never, () => false));
        expectSilence(() => new MetafyClientCredentials(options as never));
        expectSilence(() => new MetafyUserTokens({ store: new Map(), ...options } as never));
      }
      expectSilence(() => new CookieStateStore(value as never));
      expectSilence(() => new CookieStateStore({ secret: [cookieSecret, ''], maxAgeMs: value as never }));
      expectSilence(() => new CookieStateStore({ secret: cookieSecret, maxAgeMs: value as never }));
      const application = { clientID: 'a', clientSecret: `${clientSecret}ä`, name: 'A', redirectURIs: [value] };
      expectSilence(() => new MetafyEmulator({ applications: [application as never] }));
    });
  }

  it('are not repeated when a login cannot be started', async () => {
    const strategy = new MetafyStrategy(right, () => false);
    for (const state of [{ long: accessToken.repeat(200) }, { toJSON: () => 1n }]) {
      const { error } = await expectOutcome('error', runStrategy(strategy, createRequest(), { state }));
      expect(findSecrets(print(error))).to.deep.equal([]);
    }
  });
});
