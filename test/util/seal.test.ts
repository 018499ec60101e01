import { expect } from 'chai';
import { Sealer } from '../../src/util/seal';

const sealer = new Sealer(['a secret'], 'login');

describe('Sealer', () => {
  it('opens what it has sealed, here and in another process', () => {
    for (const text of ['', 'a', 'ünïcödé ✓', 'x'.repeat(10_000)]) {
      const sealed = sealer.seal(text, 'context');
      for (const opener of [sealer, new Sealer(['a secret'], 'login')]) {
        expect(opener.open(sealed, 'context')).to.equal(text);
      }
    }
  });

  it('shows nothing of the text, in characters that a cookie may have', () => {
    const sealed = sealer.seal('canary', 'context');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.to.include('canary');
    expect(sealed).to.match(/^[\w-]+$/);
  });

  it('has a nonce of its own for each text, with every byte of it random', () => {
    const nonces = Array.from({ length: 1000 }, () => Buffer.from(sealer.seal('', ''), 'base64url').subarray(0, 12));
    expect(new Set(nonces.map((nonce) => nonce.toString('hex'))).size).to.equal(1000);
    for (let at = 0; at < 12; at++) {
      // Of 256, a thousand draws take about 251.
      expect(new Set(nonces.map((nonce) => nonce[at])).size).to.be.above(200);
    }
  });

  it('opens nothing with any one character changed, and none that base64url skips', () => {
    const sealed = sealer.seal('text', 'context');
    const replace = (char: string, at: number) =>
      sealed.slice(0, at) + (char === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    for (const changed of [...[...sealed].map(replace), `${sealed}=`, `${sealed} `, `${sealed}!`, ` ${sealed}`]) {
      expect(sealer.open(changed, 'context')).to.equal(undefined);
    }
  });

  it('opens nothing of another context, secret or purpose', () => {
    const sealed = sealer.seal('text', 'context');
    expect(sealer.open(sealed, 'another')).to.equal(undefined);
    expect(new Sealer(['b'], 'login').open(sealed, 'context')).to.equal(undefined);
    expect(new Sealer(['a secret'], 'tokens').open(sealed, 'context')).to.equal(undefined);
  });

  it('opens nothing of rubbish', () => {
    for (const sealed of ['', 'a', ...[36, 37, 38, 60].map((length) => 'A'.repeat(length)), 'no base64!', '===='])
      expect(sealer.open(sealed, 'context')).to.equal(undefined);
  });

  it('opens what an older secret sealed, and seals with the newest', () => {
    const rotated = new Sealer(['new', 'a secret'], 'login');
    expect(rotated.open(sealer.seal('text', 'context'), 'context')).to.equal('text');
    const sealed = rotated.seal('text', 'context');
    expect(new Sealer(['new'], 'login').open(sealed, 'context')).to.equal('text');
    expect(sealer.open(sealed, 'context')).to.equal(undefined);
  });
});
