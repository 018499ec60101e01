import { expect } from 'chai';
import { calls } from './support/leak-calls';
import { revealingAnswers, startRevealingServer } from './support/revealing-answers';
import { findSecrets, listVerifiers, secrets } from './support/secrets';

describe('secrets in errors, pages, logs and output (OWASP Logging Cheat Sheet; RFC 6819, section 5.1.6)', function () {
  this.timeout(60_000);
  const codes = new Set<string>();

  for (const [name, call] of Object.entries(calls)) {
    it(`are in nothing that can be seen of ${name}, however it fails`, async () => {
      for (const [failure, answer] of Object.entries(revealingAnswers)) {
        const server = await startRevealingServer(answer, !name.includes('profile'));
        const text = await captureOutput(() => call(new URL(server.url).origin));
        await server.stop();
        expect(findSecrets(text, listVerifiers(server.requests)), failure).to.deep.equal([]);
        for (const [, code = ''] of text.matchAll(/\bcode: '?(\w+)/g)) codes.add(code);
      }
      const text = await captureOutput(() => call('http://127.0.0.1:1'));
      expect(findSecrets(text), 'no server').to.deep.equal([]);
    });
  }

  it('were looked for in failures of every kind', () => {
    expect([...codes]).to.include.members(['timeout', 'network', 'bad_status', 'bad_body', 'too_large']);
    expect([...codes]).to.include.members(['invalid_grant', 'invalid_token', 'login_required']);
  });

  it('would be found, as they are and encoded', () => {
    const { clientSecret, accessToken } = secrets;
    for (const shown of [
      `a ${clientSecret} b`,
      clientSecret.toUpperCase(),
      Buffer.from(`abc${accessToken}`).toString('base64'),
      Buffer.from(`ab${accessToken}`).toString('base64'),
      Buffer.from(accessToken).toString('hex'),
      Buffer.from(accessToken).toString('hex').replace(/../g, '$& '),
    ]) {
      expect(findSecrets(shown), shown).not.to.deep.equal([]);
    }
    expect(findSecrets('a-random-verifier', ['a-random-verifier'])).to.deep.equal(['a-random-verifier']);
  });
});

/** What `action` resolves to, and what is meanwhile written to stdout and stderr, where Express writes stacks. */
async function captureOutput(action: () => Promise<string>): Promise<string> {
  const texts: string[] = [];
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write);
  for (const stream of streams) stream.write = (chunk: unknown) => texts.push(String(chunk)) > 0;
  try {
    const text = await action();
    console.log(text);
    // Express logs an error after it has answered.
    await new Promise((resolve) => setImmediate(resolve));
    return [text, ...texts].join('\n');
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = originals[index] as typeof stream.write;
  }
}
