import { expect } from 'chai';
import { alike } from './alike';
import { differences } from './differences';
import { observe } from './support/observe';
import { TokenServer } from './support/token-server';
import type { Observation } from './support/trial';

describe('MetafyStrategy beside passport-oauth2’s own strategy', () => {
  let server: TokenServer;
  before(async () => {
    server = await TokenServer.start();
  });
  after(() => server[Symbol.asyncDispose]());

  for (const [when, expectations] of Object.entries(alike)) {
    describe(`does the same ${when}:`, () => {
      for (const { title, endings, ...trial } of expectations) {
        it(title, async () => {
          const theirs = await observe('theirs', trial, server);
          expect(theirs.endings).to.deep.equal(endings);
          expect(await observe('ours', trial, server)).to.deep.equal(theirs);
        });
      }
    });
  }

  describe('differs on purpose:', () => {
    for (const [titleAndReason, trial, changes] of differences) {
      it(titleAndReason, async () => {
        const theirs = await observe('theirs', trial, server);
        const ours = await observe('ours', trial, server);
        const changed = Object.keys(changes) as (keyof Observation)[];
        for (const name of changed) {
          const [expectedOfTheirs, expectedOfOurs] = changes[name] as [unknown, unknown];
          expect(theirs[name], `their ${name}`).to.deep.equal(expectedOfTheirs);
          expect(hideWords(ours, changes.endings?.[1])[name], `our ${name}`).to.deep.equal(expectedOfOurs);
          expect(ours[name], name).not.to.deep.equal(theirs[name]);
        }
        const same = Object.fromEntries(changed.map((name) => [name, theirs[name]]));
        expect({ ...ours, ...same }, 'nothing else differs').to.deep.equal(theirs);
      });
    }
  });
});

/** Puts `…` where the expected endings have it. */
function hideWords(seen: Observation, endings: string[] = []): Observation {
  const matches = (expected: string, ending: string): boolean =>
    new RegExp(`^${expected.split('…').map(escapeText).join('[^]+')}$`).test(ending);
  const hide = (ending: string, index: number): string => {
    const expected = endings[index];
    return expected !== undefined && matches(expected, ending) ? expected : ending;
  };
  return { ...seen, endings: seen.endings.map(hide) };
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
