import { expect } from 'chai';
import { readDocument, renderDocument } from './document';

it('docs/faults.md says what the tests of the matrix assert: `npm run faults` would change nothing', () => {
  const document = readDocument();
  expect(renderDocument(document) === document).to.equal(true);
});
