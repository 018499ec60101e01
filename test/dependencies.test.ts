import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(__dirname, '..');
const text = readFileSync(join(root, 'docs', 'dependencies.md'), 'utf8');
const { dependencies, peerDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as Record<'dependencies' | 'peerDependencies', Record<string, string>>;

const listRows = (heading: string): string[] => {
  const [, section = ''] = text.split(`## ${heading}\n`);
  return [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
};

describe('docs/dependencies.md', () => {
  it('justifies each dependency at run time, and no other', () => {
    expect(listRows('At run time')).to.have.members(Object.keys(dependencies));
  });

  it('justifies each peer, and no other', () => {
    expect(listRows('Optional peers')).to.have.members(Object.keys(peerDependencies));
  });
});
