import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const directory = join(__dirname, '..', '.github', 'workflows');
const workflows = readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]);

describe('the workflows', () => {
  it('are for tests and releases', () => {
    expect(workflows.map(([name]) => name)).to.have.members(['ci.yml', 'release.yml']);
  });

  for (const [name, text = ''] of workflows) {
    it(`pin every action by its full commit, with the release beside it (${name})`, () => {
      const actions = [...text.matchAll(/uses: *(.*)$/gm)].map(([, action = '']) => action);
      expect(actions).to.not.have.length(0);
      for (const action of actions) expect(action).to.match(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it(`write nothing: only a release may sign who it is (${name})`, () => {
      expect(text).to.match(/^permissions:\n {2}contents: read$/m);
      const rights = [...text.matchAll(/^ +([\w-]+): write$/gm)].map(([, right]) => right);
      expect(rights).to.deep.equal(name === 'release.yml' ? ['id-token'] : []);
      expect(text).to.not.match(/write-all|secrets\./);
    });

    it(`leave no credentials behind a checkout (${name})`, () => {
      const checkouts = text.match(/actions\/checkout@/g) ?? [];
      expect(text.match(/persist-credentials: false/g)).to.have.length(checkouts.length);
    });
  }
});
