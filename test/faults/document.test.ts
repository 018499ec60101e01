import { expect } from 'chai';
import { readDocument, renderMatrix, replaceSection } from './document';

describe('docs/faults.md', () => {
  it('says what the tests of the matrix assert: `document.ts` would change nothing', () => {
    const document = readDocument();
    expect(replaceSection(document, 'fault matrix', renderMatrix()) === document).to.equal(true);
  });
});
