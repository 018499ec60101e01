import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const directory = join(__dirname, '..', 'docs');
const [, ...decisions] = readFileSync(join(directory, 'decisions.md'), 'utf8').split(/^### /m);

/** The items of the list, each with the files it links to and the titles it quotes. */
const readEvidence = (decision: string) =>
  [...decision.matchAll(/^- .*$/gm)].map(([line]) => ({
    files: [...line.matchAll(/\]\(([^)]+)\)/g)].map(([, file = '']) => file),
    titles: [...line.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  }));

describe('docs/decisions.md', () => {
  it('numbers the decisions', () => {
    const numbers = decisions.map((decision) => Number.parseInt(decision, 10));
    expect(numbers).to.deep.equal(decisions.map((_, index) => index + 1));
  });

  for (const decision of decisions) {
    it(`has evidence for ${decision.split('\n', 1)}`, () => {
      const evidence = readEvidence(decision);
      expect(evidence).to.not.have.length(0);
      for (const { files, titles } of evidence) {
        expect(files).to.not.have.length(0);
        for (const file of files) expect(existsSync(join(directory, file)), file).to.equal(true);
        // Escapes apart, since a title with an apostrophe may be written either way.
        const text = readFileSync(join(directory, files[0] as string), 'utf8').replaceAll("\\'", "'");
        for (const title of titles) expect(text).to.include(title);
      }
    });
  }
});
