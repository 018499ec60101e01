import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const root = join(__dirname, '..');

/** Code without its indentation, which differs between a block and the file around it. */
const flatten = (code: string): string =>
  code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.[jt]s$/.test(file) && !file.includes('node_modules'))
  .map((file) => flatten(readFileSync(join(root, 'examples', file), 'utf8')));

// Not `docs/api`, which is made from the docstrings.
const guides = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));

const documents = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'bench/README.md', 'bench/results.md'],
  ...guides.map((file) => `docs/${file}`),
];

for (const path of documents) {
  const text = readFileSync(join(root, path), 'utf8');
  const blocks = [...text.matchAll(/^```(?:ts|js|typescript|javascript)\n([\s\S]*?)^```$/gm)];

  describe(path, () => {
    for (const [, block = ''] of blocks) {
      const [firstLine] = block.trim().split('\n');
      it(`shows code that is type-checked under examples/: ${firstLine}`, () => {
        expect(examples.some((example) => example.includes(flatten(block)))).to.equal(true);
      });
    }

    it('links to files, sections and pictures that exist', () => {
      for (const target of listTargets(text)) {
        const [file, section] = target.split('#', 2) as [string, string?];
        const linked = file === '' ? join(root, path) : join(root, dirname(path), file);
        expect(existsSync(linked), target).to.equal(true);
        if (section) expect(listSections(readFileSync(linked, 'utf8')), target).to.include(section);
      }
    });
  });
}

describe('the documents', () => {
  it('have code, which is looked at', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    expect(readme.match(/^```ts$/gm)).to.have.length.above(4);
    expect(guides).to.include('testing.md').and.include('frameworks.md').and.include('tokens.md');
  });

  it('have links and pictures, which are looked at', () => {
    const targets = listTargets(
      '[a](docs/a.md#b) [c](https://metafy.gg) <img src="d.png"> <source srcset="e.png"> [f]: g.md\n[h]: i.md',
    );
    expect(targets).to.deep.equal(['docs/a.md#b', 'd.png', 'e.png', 'i.md']);
    expect(listSections('# A `b` c’s\n```sh\n# d\n```\n## e-f, g')).to.deep.equal(['a-b-cs', 'e-f-g']);
  });
});

/** Where links and pictures lead, other than to other sites. */
function listTargets(text: string): string[] {
  const found = removeCode(text).matchAll(
    /\]\(([^)]+)\)|\b(?:src|srcset|href)="([^"]+)"|^\[[^\]]+\]: (\S+)$/gm,
  );
  return [...found]
    .map(([, inline, attribute, reference]) => inline ?? attribute ?? reference ?? '')
    .filter((target) => !/^https?:/.test(target));
}

/** The anchors of the headings, as GitHub makes them. */
function listSections(text: string): string[] {
  return [...removeCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
}

/** Without blocks of code, where a line that begins with `#` is a comment. */
function removeCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}
