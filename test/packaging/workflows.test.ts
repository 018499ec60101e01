import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const directory = join(__dirname, '..', '..', '.github', 'workflows');

for (const name of readdirSync(directory)) {
  const text = readFileSync(join(directory, name), 'utf8');

  describe(`the workflow ${name}`, () => {
    it('pins every action by its full commit, with the release beside it', () => {
      const actions = [...text.matchAll(/uses: *(.*)$/gm)].map(([, action]) => action);
      for (const action of actions) expect(action).to.match(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it('can write nothing, and reads no secret: a release proves who it is with a token of its own', () => {
      expect(text).to.match(/^permissions:\n {2}contents: read$/m);
      const rights = [...text.matchAll(/^ +([\w-]+): write$/gm)].map(([, right]) => right);
      expect(rights).to.deep.equal(name === 'release.yml' ? ['id-token'] : []);
      expect(text).not.to.match(/write-all|secrets\./);
    });

    it('leaves no credentials behind after a checkout', () => {
      const checkouts = text.match(/actions\/checkout@/g) ?? [];
      expect(text.match(/persist-credentials: false/g) ?? []).to.have.length(checkouts.length);
    });
  });
}

describe('the checks of the workflow release.yml', () => {
  const text = readFileSync(join(directory, 'release.yml'), 'utf8');
  // The tag's place on main is git's to know.
  const checks = [...text.matchAll(/- name: .*\n +run: (?!git )(.*)$/gm)].map(([, command]) => command as string);
  const repository = { type: 'git', url: 'git+https://github.com/owner/passport-metafy.git' };
  const ready = { package: { version: '1.2.3', repository } as object, security: 'Write to security@example.com.' };
  const env = { ...process.env, GITHUB_REF_NAME: 'v1.2.3', GITHUB_REPOSITORY: 'owner/passport-metafy' };

  /** How many of them a package with these files does not pass. */
  function countFailures(files: typeof ready): number {
    const cwd = mkdtempSync(join(tmpdir(), 'passport-metafy-release-'));
    try {
      writeFileSync(join(cwd, 'package.json'), JSON.stringify(files.package));
      writeFileSync(join(cwd, 'SECURITY.md'), files.security);
      // As GitHub runs them.
      return checks.filter((command) => spawnSync('bash', ['-e', '-c', command], { cwd, env }).status !== 0).length;
    } finally {
      rmSync(cwd, { recursive: true });
    }
  }

  it('let a package pass that is ready', () => {
    expect(checks).to.have.length(3);
    expect(countFailures(ready)).to.equal(0);
  });

  for (const [missing, files] of Object.entries({
    'the version of the tag': { package: { version: '1.2.4', repository } },
    'a repository': { package: { version: '1.2.3' } },
    'the repository that publishes it': {
      package: { version: '1.2.3', repository: { url: 'git+https://github.com/owner/another.git' } },
    },
    'a security contact': { security: 'Report it: <!-- before the first release: the address --> to the maintainers.' },
  })) {
    it(`stop a package without ${missing}`, () => {
      expect(countFailures({ ...ready, ...files })).to.equal(1);
    });
  }
});
