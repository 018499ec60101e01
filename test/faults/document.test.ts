import { expect } from 'chai';
import { readDocument, replaceSection } from './document';
import { renderMatrix } from './matrix-table';

describe('docs/faults.md', () => {
  it('says what the tests of the matrix assert: `write-document.ts` would change nothing', () => {
    const document = readDocument();
    expect(replaceSection(document, 'fault matrix', renderMatrix()) === document).to.equal(true);
  });
});
