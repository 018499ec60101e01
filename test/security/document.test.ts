import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(__dirname, '../..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');

describe('SECURITY.md', () => {
  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((\w[^)#:]*)[)#]/g)].map(([, path = '']) => path);
    expect(links).to.have.length.above(20);
    expect(links.filter((path) => !existsSync(join(root, path)))).to.deep.equal([]);
  });

  it('links to every file of tests about security', () => {
    for (const directory of ['test/security', 'test/fuzz']) {
      const files = readdirSync(join(root, directory)).filter((name) => /(?<!document)\.test\.ts$/.test(name));
      for (const file of files) expect(text).to.include(`(${directory}/${file})`);
    }
  });

  it('has a test for each attack', () => {
    const attacks = text.slice(text.indexOf('## Attacks'), text.indexOf('## What is not defended'));
    for (const section of attacks.split(/^### /m).slice(1)) {
      expect(section, section.split('\n', 1)[0]).to.match(/\(test\//);
    }
  });
});
