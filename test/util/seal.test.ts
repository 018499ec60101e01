import { expect } from 'chai';
import { Sealer } from '../../src/util/seal';

const sealer = new Sealer(['a secret'], 'login');

describe('Sealer', () => {
  for (const text of ['', 'a', 'ünïcödé ✓', 'x'.repeat(10_000)]) {
    it(`opens what it has sealed, here and in another process: ${text.slice(0, 20) || 'nothing'}`, () => {
      const sealed = sealer.seal(text, 'context');
      expect(sealer.open(sealed, 'context')).to.equal(text);
      expect(new Sealer(['a secret'], 'login').open(sealed, 'context')).to.equal(text);
    });
  }

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

  it('opens nothing with any one character changed', () => {
    const sealed = sealer.seal('text', 'context');
    const changed = [...sealed].map(
      (char, at) => sealed.slice(0, at) + (char === 'A' ? 'B' : 'A') + sealed.slice(at + 1),
    );
    expect(new Set(changed.map((text) => sealer.open(text, 'context')))).to.deep.equal(new Set([undefined]));
  });

  it('opens nothing with characters put in that base64url skips', () => {
    const sealed = sealer.seal('text', 'context');
    for (const changed of [`${sealed}=`, `${sealed} `, `${sealed}!`, ` ${sealed}`])
      expect(sealer.open(changed, 'context')).to.equal(undefined);
  });

  it('opens nothing of another context, secret or purpose', () => {
    const sealed = sealer.seal('text', 'context');
    expect(sealer.open(sealed, 'another')).to.equal(undefined);
    expect(new Sealer(['b'], 'login').open(sealed, 'context')).to.equal(undefined);
    expect(new Sealer(['a secret'], 'tokens').open(sealed, 'context')).to.equal(undefined);
  });

  for (const sealed of ['', 'a', 'A'.repeat(37), 'A'.repeat(38), 'A'.repeat(60), 'no base64!', '='.repeat(80)]) {
    it(`opens nothing of rubbish: ${sealed.length} characters of ${sealed.slice(0, 10)}`, () => {
      expect(sealer.open(sealed, 'context')).to.equal(undefined);
    });
  }

  it('opens what an older secret sealed, and seals with the newest', () => {
    const rotated = new Sealer(['new', 'a secret'], 'login');
    expect(rotated.open(sealer.seal('text', 'context'), 'context')).to.equal('text');
    const sealed = rotated.seal('text', 'context');
    expect(new Sealer(['new'], 'login').open(sealed, 'context')).to.equal('text');
    expect(sealer.open(sealed, 'context')).to.equal(undefined);
  });
});
