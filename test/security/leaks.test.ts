import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { typescriptArguments } from '../support/typescript';
import { canaries, findShown } from './support/canaries';
import { calls } from './support/leak-calls';
import type { DrillResult } from './support/leak-drill';
import { faults } from './support/telling-server';

describe('secrets in errors, pages, logs and output (OWASP Logging Cheat Sheet; RFC 6819, section 5.1.6)', function () {
  this.timeout(120_000);
  const results: DrillResult[] = [];
  let output: string;
  let exitCode: number;

  before(async () => {
    const child = fork(join(__dirname, 'support/leak-drill.ts'), {
      execArgv: typescriptArguments,
      silent: true,
    });
    child.on('message', (result) => results.push(result as DrillResult));
    const streams = [child.stdout, child.stderr].map((stream) => text(stream as NodeJS.ReadableStream));
    [exitCode] = (await once(child, 'exit')) as [number];
    output = (await Promise.all(streams)).join('\n');
  });

  it('are looked for in every call with every fault', () => {
    expect(exitCode, output.slice(-2000)).to.equal(0);
    // A login meets each fault twice: at the code exchange and at the profile.
    const count = (Object.keys(calls).length + 1) * Object.keys(faults).length + Object.keys(calls).length;
    expect(results).to.have.length(count);
  });

  it('are looked for in failures of every kind', () => {
    const codes = results.flatMap((result) => result.codes);
    expect(codes).to.include.members(['timeout', 'network', 'bad_status', 'bad_body', 'too_large']);
    expect(codes).to.include.members(['invalid_grant', 'invalid_token', 'login_required', 'ECONNREFUSED']);
  });

  for (const call of Object.keys(calls)) {
    it(`are in nothing that can be seen of ${call}, however it fails`, () => {
      const own = results.filter(({ what }) => what.startsWith(call));
      expect(own).not.to.deep.equal([]);
      expect(own.filter(({ shown }) => shown.length > 0)).to.deep.equal([]);
    });
  }

  it('are not in what the process writes to stdout and stderr, where Express writes stacks', () => {
    expect(output).to.match(/Metafy refused/);
    expect(findShown(output)).to.deep.equal([]);
  });

  it('would be found, as they are and in other clothes', () => {
    const { clientSecret, accessToken } = canaries;
    for (const shown of [
      `a ${clientSecret} b`,
      clientSecret.toUpperCase(),
      Buffer.from(`abc${accessToken}`).toString('base64'),
      Buffer.from(`ab${accessToken}`).toString('base64'),
      Buffer.from(accessToken).toString('hex'),
      Buffer.from(accessToken).toString('hex').replace(/../g, '$& '),
    ]) {
      expect(findShown(shown), shown).not.to.deep.equal([]);
    }
    expect(findShown('a-random-verifier', ['a-random-verifier'])).to.deep.equal(['a-random-verifier']);
  });
});
