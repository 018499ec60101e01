import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { listTitles } from './support/titles';

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');
const evidence = [...text.matchAll(/^ *- \[([^\]]+)\]\(([^)]+)\) › (.+)$/gm)].map(
  ([, shown = '', path = '', title = '']) => ({ shown, path, title }),
);

describe('SECURITY.md', () => {
  it('names tests', () => {
    expect(evidence.length).to.be.above(40);
    expect(evidence).to.have.length(text.split(' › ').length - 1);
  });

  for (const { shown, path, title } of evidence) {
    it(`names a test that exists: ${path}, ${title}`, () => {
      expect(shown).to.equal(path);
      expect(existsSync(join(root, path)), path).to.equal(true);
      expect(listTitles(path).some((pattern) => pattern.test(title))).to.equal(true);
    });
  }

  it('names every file of tests about security', () => {
    for (const directory of ['test/security', 'test/fuzz']) {
      const files = readdirSync(join(root, directory)).filter((name) => name.endsWith('.test.ts'));
      for (const file of files) expect(text).to.include(`${directory}/${file}`);
    }
  });

  it('has a test for everything that is defended', () => {
    const defended = text.slice(text.indexOf('## Attacks'), text.indexOf('## What is not defended'));
    for (const section of defended.split(/^### /m).slice(1)) {
      expect(section, section.split('\n', 1)[0]).to.match(/^- \[test\//m);
    }
  });
});
