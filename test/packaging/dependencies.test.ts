import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { dependencies, peerDependencies } from '../../package.json';

const text = readFileSync(join(__dirname, '..', '..', 'docs', 'dependencies.md'), 'utf8');

/** The packages in the first column of the table under this heading. */
function listPackages(heading: string): (string | undefined)[] {
  const [, section = ''] = text.split(`## ${heading}\n`);
  return [...(section.split('\n## ', 1)[0] ?? '').matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
}

describe('docs/dependencies.md', () => {
  for (const [heading, packages] of Object.entries({
    'At run time': dependencies,
    'Optional peers': peerDependencies,
  })) {
    it(`gives a reason for each package, and no other: ${heading}`, () => {
      expect(listPackages(heading)).to.have.members(Object.keys(packages));
    });
  }
});
