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
import { findSecrets, print, secrets } from './support/secrets';

const { clientSecret, accessToken, cookieSecret } = secrets;
const right = { ...strategyOptions, clientSecret };
const clientOptions = ['clientID', 'baseURL', 'timeoutMs', 'agent', 'scope', 'secret'];
const urlOptions = ['callbackURL', 'authorizationURL', 'tokenURL', 'userProfileURL'];
const strategyOnly = [...urlOptions, 'store', 'state', 'pkce', 'customHeaders', 'skipUserProfile'];
const tokenOptions = ['lock', 'store', 'refreshBeforeMs', 'cache'];

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

describe('secrets in the messages of a misuse (OWASP Error Handling Cheat Sheet)', () => {
  for (const name of new Set([...clientOptions, ...strategyOnly, ...tokenOptions])) {
    it(`are not repeated when one is given as the option \`${name}\``, () => {
      for (const value of misplaced) {
        const options = { ...right, [name]: value } as never;
        expectSilence(() => new MetafyStrategy(options, () => false));
        expectSilence(() => new MetafyClientCredentials(options));
        expectSilence(() => new MetafyUserTokens(options));
        expectSilence(() => new MetafyUserTokens({ store: new Map(), ...(options as object) } as never));
      }
    });
  }

  it('are not repeated when one is given as an option of CookieStateStore and of the emulator', () => {
    for (const value of misplaced) {
      expectSilence(() => new CookieStateStore(value as never));
      expectSilence(() => new CookieStateStore({ secret: [cookieSecret, ''], maxAgeMs: value as never }));
      expectSilence(() => new CookieStateStore({ secret: cookieSecret, maxAgeMs: value as never }));
      const application = {
        clientID: 'a',
        clientSecret: `${clientSecret}ä`,
        name: 'A',
        redirectURIs: [value],
      };
      expectSilence(() => new MetafyEmulator({ applications: [application as never] }));
    }
  });

  it('are not repeated when what is given as a token is none', async () => {
    for (const token of [`${accessToken}\n`, ` ${accessToken}`, { accessToken }, [accessToken]] as never[]) {
      for (const misuse of [
        () => refreshTokens(right, token),
        () => revokeToken(right, token),
        () => revokeToken(right, 'a-token', { tokenTypeHint: token }),
        () => new MetafyUserTokens({ ...right, store: new Map() }).set('ada', token),
      ]) {
        const error = await caught(misuse);
        expect(error).to.be.instanceOf(TypeError);
        expect(findSecrets(print(error))).to.deep.equal([]);
      }
    }
  });

  it('are not repeated when a login cannot be started', async () => {
    const strategy = new MetafyStrategy(right, () => false);
    for (const state of [{ long: accessToken.repeat(200) }, { toJSON: () => 1n }]) {
      const { error } = await expectOutcome('error', runStrategy(strategy, createRequest(), { state }));
      expect(findSecrets(print(error))).to.deep.equal([]);
    }
  });
});
