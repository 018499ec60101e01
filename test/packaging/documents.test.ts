import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const root = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Code without its indentation, which differs between a block and the file around it. */
const flatten = (code: string) => code.replace(/^\s+|\s+$/gm, '').replace(/\n+/g, '\n');

const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.[jt]sx?$/.test(file) && !file.includes('node_modules'))
  .map((file) => flatten(read(join('examples', file))));

// Not `docs/api`, which is made from the docstrings.
const documents = ['.', 'docs', 'bench'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

for (const path of documents) {
  const text = read(path);
  // A line that begins with `#` in a block of code is a comment, and no heading.
  const prose = removeCode(text);

  describe(path, () => {
    for (const [, block = ''] of text.matchAll(/^```(?:tsx?|js|typescript|javascript)\n([\s\S]*?)^```$/gm)) {
      it(`shows code that is type-checked under examples/: ${block.trim().split('\n', 1)}`, () => {
        expect(examples.some((example) => example.includes(flatten(block)))).to.equal(true);
      });
    }

    it('links to files, sections and pictures that exist', () => {
      for (const target of listTargets(prose)) {
        const [file = '', section] = target.split('#', 2);
        const linked = file === '' ? path : join(dirname(path), file);
        expect(existsSync(join(root, linked)), target).to.equal(true);
        if (section) expect(listSections(removeCode(read(linked))), target).to.include(section);
      }
    });
  });
}

it('docs/decisions.md links to evidence for each decision', () => {
  const [, ...decisions] = read('docs/decisions.md').split(/^### /m);
  for (const decision of decisions) expect(decision, decision.split('\n', 1)[0]).to.match(/^- .*\]\(/m);
});

it('code, links and sections of documents are found', () => {
  expect(examples).not.to.have.length(0);
  expect(documents).to.include.members(['README.md', 'docs/tokens.md']);
  const links =
    '[a](docs/a.md#b) [c](https://metafy.gg) <img src="d.png"> <source srcset="e.png"> [f]: g.md\n[h]: i.md';
  expect(listTargets(links)).to.deep.equal(['docs/a.md#b', 'd.png', 'e.png', 'i.md']);
  expect(listSections(removeCode('# A `b` c’s\n```sh\n# d\n```\n## e-f, g'))).to.deep.equal(['a-b-cs', 'e-f-g']);
});

/** Where links and pictures lead, other than to other sites. */
function listTargets(prose: string): string[] {
  return [...prose.matchAll(/\]\(([^)]+)\)|\b(?:src|srcset|href)="([^"]+)"|^\[[^\]]+\]: (\S+)$/gm)]
    .map(([, inline, attribute, reference]) => inline ?? attribute ?? reference ?? '')
    .filter((target) => !/^https?:/.test(target));
}

/** The anchors of the headings, as GitHub makes them. */
function listSections(prose: string): string[] {
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );
}

function removeCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}
