import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { DEMO_API_KEY, DEMO_COMMUNITY, DEMO_USERS } from '../../src/emulator/demo-data';

const root = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Code without its indentation, which differs between a block and the file around it. */
const flatten = (code: string) => code.replace(/^\s+|\s+$/gm, '').replace(/\n+/g, '\n');

const exampleFiles = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.([cm]?[jt]sx?|ya?ml)$|Dockerfile$|package\.json$/.test(file) && !file.includes('node_modules'),
);
const examples = exampleFiles.map((file) => flatten(read(join('examples', file))));

const manifest = JSON.parse(read('package.json')) as Manifest;
/** What a document may tell people to install: what the package or an example is tested with. */
const installable = new Set(
  ['package.json', ...exampleFiles.filter((file) => file.endsWith('package.json')).map((file) => `examples/${file}`)]
    .map((file) => JSON.parse(read(file)) as Manifest)
    .flatMap(({ dependencies, devDependencies, peerDependencies }) =>
      Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
    )
    .concat(manifest.name),
);

interface Manifest {
  name: string;
  scripts: Record<string, string>;
  dependencies?: object;
  devDependencies?: object;
  peerDependencies?: object;
}

/** Blocks that are no code of ours: a diagram, and what an application had before it migrated. */
const illustrations = ['docs/migrating.md php', 'docs/migrating.md text', 'docs/sign-in.md mermaid'];

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
    for (const { language, block } of listBlocks(text)) {
      if (illustrations.includes(`${path} ${language}`)) continue;
      it(`shows ${language || 'text'} that is right: ${block.trim().split('\n', 1)}`, () =>
        checkBlock(language, block));
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

it('docs/testing.md lists the people and ids of the emulator', () => {
  const { id, tiers } = DEMO_COMMUNITY;
  const listed = [DEMO_API_KEY.key, id, ...tiers.map((tier) => tier.id), ...DEMO_USERS.map(({ slug }) => slug)];
  for (const entry of listed) expect(read('docs/testing.md')).to.include(`\`${entry}\` `);
});

it('a block that names what is not there is reported', () => {
  const wrong: [string, string][] = [
    ['ts', 'const nowhere = true;'],
    ['sh', 'npm install no-such-dependency'],
    ['sh', 'npm run no-such-script # comment'],
    ['sh', 'npx passport-metafy no-such-subcommand'],
    ['sh', 'npm ci && npx no-such-tool'],
    ['sh', 'curl https://metafy.gg'],
    ['ini', 'NO_SUCH_VARIABLE=1'],
    ['json', '{'],
    ['', 'a block without a language'],
  ];
  for (const [language, block] of wrong) expect(() => checkBlock(language, block), block).to.throw();
});

it('code, links and sections of documents are found', () => {
  expect(examples).not.to.have.length(0);
  expect(documents).to.include.members(['README.md', 'docs/tokens.md']);
  const links =
    '[a](docs/a.md#b) [c](https://metafy.gg) <img src="d.png"> <source srcset="e.png"> [f]: g.md\n[h]: i.md';
  expect(listTargets(links)).to.deep.equal(['docs/a.md#b', 'd.png', 'e.png', 'i.md']);
  expect(listSections(removeCode('# A `b` c’s\n```sh\n# d\n```\n## e-f, g'))).to.deep.equal(['a-b-cs', 'e-f-g']);
});

function listBlocks(text: string): { language: string; block: string }[] {
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(([, , language = '', block = '']) => ({
    language,
    block,
  }));
}

function checkBlock(language: string, block: string): void {
  if (/^([jt]sx?|yaml|dockerfile)$/.test(language)) {
    expect(examples.some((example) => example.includes(flatten(block)))).to.equal(true);
  } else if (language === 'sh') {
    const commands = block
      .replace(/(^|\s)#.*/g, '')
      .split(/\n|&&/)
      .map((line) => line.trim());
    for (const command of commands) if (command !== '') checkCommand(command);
  } else if (language === 'ini') {
    for (const [, name = ''] of block.matchAll(/^(\w+)=/gm)) {
      expect(
        examples.some((example) => new RegExp(`\\b${name}\\b`).test(example)),
        name,
      ).to.equal(true);
    }
  } else if (language === 'json') {
    JSON.parse(`{${block}}`);
  } else {
    expect.fail(`nothing checks a block of "${language}"`);
  }
}

/** That what a command names is there: the package, the script, the folder, the subcommand. */
function checkCommand(command: string): void {
  const [program = '', ...words] = command.split(/\s+/);
  const [name = '', ...rest] = words.filter((word) => !/^-(-save-dev|y|-yes)?$/.test(word));
  if (/^(npm install|bun add)$/.test(`${program} ${name}`)) {
    for (const dependency of rest) expect(installable).to.include(dependency.replace(/(?<=.)@.*/, ''));
  } else if (program === 'npm' && name === 'ci') {
    const folder = rest[0] === '--prefix' ? (rest[1] ?? '') : '.';
    expect(existsSync(join(root, folder, 'package-lock.json')), command).to.equal(true);
  } else if (program === 'npm') {
    expect(manifest.scripts, command).to.have.property(name === 'run' ? (rest[0] ?? '') : name);
  } else if (program === 'npx' && name === manifest.name) {
    expect(read('src/cli.ts'), command).to.match(new RegExp(`\\b${rest[0]}\\b`));
  } else if (program === 'npx') {
    expect(existsSync(join(root, 'node_modules', '.bin', name)), command).to.equal(true);
  } else {
    expect(program).to.equal('node');
  }
}

/** Where links and pictures lead, other than to other sites. */
function listTargets(prose: string): string[] {
  return [...prose.matchAll(/\]\(([^)]+)\)|\b(?:src|srcset|href)="([^"]+)"|^\[[^\]]+\]: (\S+)$/gm)]
    .map(([, inline, attribute, reference]) => inline ?? attribute ?? reference ?? '')
    .filter((target) => !/^(https?|mailto):/.test(target));
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
  return text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');
}
