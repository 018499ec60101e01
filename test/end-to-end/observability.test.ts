import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { typescriptArguments } from '../support/typescript';

describe('the examples of docs/observability.md', function () {
  this.timeout(30_000);
  let lines: string[];

  before(async () => {
    const script = join(__dirname, 'support/observed-requests.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [...typescriptArguments, script]);
    lines = stdout.trim().split('\n');
  });

  it('log a line for each attempt', () => {
    const [first, second] = lines;
    expect(first).to.match(/^GET http:\S+\/irk\/api\/v1\/me\/community \(attempt 1\): 503, \d+ ms$/);
    expect(second).to.match(/\(attempt 2\): 200, \d+ ms$/);
  });

  it('end a span for each attempt', () => {
    const spans = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>[];
    expect(spans.map((attributes) => attributes['http.response.status_code'])).to.deep.equal([503, 200]);
    expect(spans.map((attributes) => attributes['http.request.resend_count'])).to.deep.equal([0, 1]);
  });
});
