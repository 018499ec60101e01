import { expect } from 'chai';
import { callbacks } from './support/expectations/callbacks';
import { exchanges } from './support/expectations/exchanges';
import { starts } from './support/expectations/starts';
import { stores } from './support/expectations/stores';
import { verifyCallbacks } from './support/expectations/verify';
import { TokenServer } from './support/token-server';
import type { Expectation } from './support/trial';
import { observe } from './support/twins';

const expectations: Record<string, Expectation[]> = {
  'when a login starts': starts,
  'with a store of the application': stores,
  'when a login ends': callbacks,
  'with a getOAuthAccessToken of the application': exchanges,
  'with a verify callback': verifyCallbacks,
};

describe('MetafyStrategy beside passport-oauth2’s own strategy', () => {
  let server: TokenServer;

  before(async () => {
    server = await TokenServer.start();
  });

  after(() => server[Symbol.asyncDispose]());

  for (const [when, alike] of Object.entries(expectations)) {
    describe(`does the same ${when}:`, () => {
      for (const { endings, ...trial } of alike) {
        it(trial.title, async () => {
          const theirs = await observe('theirs', trial, server);
          expect(theirs.endings).to.deep.equal(endings);
          expect(await observe('ours', trial, server)).to.deep.equal(theirs);
        });
      }
    });
  }
});
