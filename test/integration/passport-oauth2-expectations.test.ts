import { expect } from 'chai';
import { differencesInCallbacks } from './support/differences/callbacks';
import { differencesInEndings } from './support/differences/endings';
import { differencesInStarts } from './support/differences/starts';
import { differencesInStates } from './support/differences/states';
import { differencesInTokenAnswers } from './support/differences/token-answers';
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

const deliberateDifferences = [
  ...differencesInStarts,
  ...differencesInStates,
  ...differencesInCallbacks,
  ...differencesInTokenAnswers,
  ...differencesInEndings,
];

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

  describe('differs on purpose:', () => {
    for (const { reason, theirs, ours, ...trial } of deliberateDifferences) {
      it(`${trial.title} (${reason})`, async () => {
        const seen = {
          theirs: await observe('theirs', trial, server),
          ours: await observe('ours', trial, server),
        };
        expect(seen.theirs, 'theirs').to.deep.include(theirs);
        expect(seen.ours, 'ours').to.deep.include(ours);
        // Nothing else differs.
        expect({ ...seen.ours, ...theirs }).to.deep.equal(seen.theirs);
        for (const name of Object.keys(theirs) as (keyof typeof theirs)[])
          expect(ours[name]).to.not.deep.equal(theirs[name]);
        expect(ours).to.have.all.keys(theirs);
      });
    }
  });
});
