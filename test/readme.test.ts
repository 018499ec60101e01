import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(__dirname, '..');

/** Code without its indentation, which differs between a block and the file around it. */
const flatten = (code: string): string =>
  code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
  .map((file) => flatten(readFileSync(join(root, 'examples', file), 'utf8')));

describe('README', () => {
  it('has code', () => {
    expect(blocks.length).to.be.greaterThan(8);
  });

  for (const block of blocks) {
    const [firstLine] = block.trim().split('\n');
    it(`shows code that is type-checked under examples/: ${firstLine}`, () => {
      expect(examples.some((example) => example.includes(flatten(block)))).to.equal(true);
    });
  }

  it('links to files and sections that exist', () => {
    const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-'),
    );
    const targets = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => match[1] ?? '');
    for (const target of targets) {
      if (target.startsWith('#')) expect(headings, target).to.include(target.slice(1));
      else expect(existsSync(join(root, target.split('#')[0] as string)), target).to.equal(true);
    }
  });
});
