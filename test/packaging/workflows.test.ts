import { readdirSync, readFileSync } from 'node:fs';
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
