import { expect } from 'chai';
import {
  CookieStateStore,
  MetafyClientCredentials,
  MetafyStrategy,
  MetafyUserTokens,
  refreshTokens,
  revokeToken,
} from '../../src';
import { MetafyEmulator } from '../../src/emulator';
import { caught } from '../support/caught';
import { strategyOptions } from '../support/client-options';
import { createRequest, expectOutcome, runStrategy } from '../support/strategy-run';
import { canaries, findShown, print } from './support/canaries';

const { clientSecret, accessToken, cookieKey } = canaries;
const right = { ...strategyOptions, clientSecret };
const optionNames = [
  'clientID',
  'callbackURL',
  'baseURL',
  'authorizationURL',
  'tokenURL',
  'userProfileURL',
  'timeoutMs',
  'agent',
  'scope',
  'store',
  'state',
  'pkce',
  'customHeaders',
  'skipUserProfile',
];
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

describe('secrets in the messages of a misuse (OWASP Error Handling Cheat Sheet)', () => {
  /** The error of `misuse`, if there is one, shows nothing. */
  async function expectSilence(misuse: () => unknown): Promise<void> {
    let error: unknown;
    try {
      await misuse();
    } catch (thrown) {
      error = thrown;
    }
    expect(findShown(print(error))).to.deep.equal([]);
  }

  for (const name of optionNames) {
    it(`are not repeated when one is given as the option \`${name}\``, async () => {
      for (const value of misplaced) {
        const options = { ...right, [name]: value };
        await expectSilence(() => new MetafyStrategy(options as never, () => false));
        await expectSilence(() => new MetafyClientCredentials(options as never));
        await expectSilence(() => new MetafyUserTokens(options as never));
      }
    });
  }

  it('are not repeated when one is given as an option of stores and of the emulator', async () => {
    for (const value of misplaced) {
      await expectSilence(() => new CookieStateStore(value as never));
      await expectSilence(() => new CookieStateStore({ secret: [cookieKey, ''], maxAgeMs: value as never }));
      await expectSilence(() => new CookieStateStore({ secret: cookieKey, maxAgeMs: value as never }));
      for (const name of ['lock', 'store', 'secret', 'refreshBeforeMs', 'cache']) {
        const options = { ...right, store: new Map(), [name]: value };
        await expectSilence(() => new MetafyUserTokens(options as never));
        await expectSilence(() => new MetafyClientCredentials(options as never));
      }
      const application = {
        clientID: 'a',
        clientSecret: `${clientSecret}ä`,
        name: 'A',
        redirectURIs: [value],
      };
      await expectSilence(() => new MetafyEmulator({ applications: [application as never] }));
    }
  });

  it('are not repeated when what is given as a token is none', async () => {
    for (const token of [`${accessToken}\n`, ` ${accessToken}`, { accessToken }, [accessToken]]) {
      const errors = [
        await caught(() => refreshTokens(right, token as string)),
        await caught(() => revokeToken(right, token as string)),
        await caught(() => new MetafyUserTokens({ ...right, store: new Map() }).set('ada', token as never)),
        await caught(() => revokeToken(right, 'a-token', { tokenTypeHint: token as never })),
      ];
      for (const error of errors) {
        expect(error).to.be.instanceOf(TypeError);
        expect(findShown(print(error))).to.deep.equal([]);
      }
    }
  });

  it('are not repeated when a login cannot be started', async () => {
    const strategy = new MetafyStrategy(right, () => false);
    for (const state of [{ long: accessToken.repeat(200) }, { toJSON: () => 1n }]) {
      const { error } = await expectOutcome('error', runStrategy(strategy, createRequest(), { state }));
      expect(findShown(print(error))).to.deep.equal([]);
    }
  });
});
