import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { version } from '../../package.json';

it('CHANGELOG.md begins with what is unreleased, then the version of package.json and its date', () => {
  const text = readFileSync(join(__dirname, '..', '..', 'CHANGELOG.md'), 'utf8');
  const [unreleased, latest] = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(unreleased).to.equal('[Unreleased]');
  expect(latest?.startsWith(`[${version}] - `)).to.equal(true);
  expect(latest).to.match(/ - 20\d\d-\d\d-\d\d$/);
});
