import crypto from 'node:crypto';
import { mock } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { Sealer } from '../src/seal';

const sealer = new Sealer('a secret', 'login');

/** `text` with each of its characters replaced in turn. */
const tamper = (text: string): string[] =>
  [...text].map((char, at) => text.slice(0, at) + (char === 'A' ? 'B' : 'A') + text.slice(at + 1));

describe('Sealer', () => {
  for (const text of ['', 'a', 'ünïcödé ✓', 'x'.repeat(10_000)]) {
    it(`opens what it has sealed: ${text.slice(0, 20) || 'nothing'}`, () => {
      expect(sealer.open(sealer.seal(text, 'context'), 'context')).to.equal(text);
    });
  }

  it('shows nothing of the text', () => {
    const sealed = sealer.seal('canary', 'context');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.to.include('canary');
    expect(sealed).to.match(/^[\w-]+$/);
  });

  it('never seals a text the same way twice', () => {
    expect(sealer.seal('text', 'context')).not.to.equal(sealer.seal('text', 'context'));
  });

  it('opens what another process has sealed', () => {
    const another = new Sealer('a secret', 'login');
    expect(sealer.open(another.seal('text', 'context'), 'context')).to.equal('text');
  });

  it('has a salt, and so a key, of its own in each process and for each 10,000 texts', () => {
    const processes = [new Sealer('a secret', 'login'), new Sealer('a secret', 'login')];
    const salts = processes.map((one) => {
      const sealed = Array.from({ length: 10_001 }, () => one.seal('', ''));
      expect(one.open(sealed[0] as string, '')).to.equal('');
      return sealed.map((text) => text.slice(0, 22));
    });
    const counts = new Map<string, number>();
    for (const salt of salts.flat()) counts.set(salt, (counts.get(salt) ?? 0) + 1);
    expect([...counts.values()]).to.deep.equal([10_000, 1, 10_000, 1]);
  });

  it('never repeats a nonce under one salt', () => {
    const one = new Sealer('a secret', 'login');
    const nonces = Array.from({ length: 10_000 }, () => one.seal('', '').slice(22, 38));
    expect(new Set(nonces).size).to.equal(10_000);
  });

  it('derives the key of a salt once, and keeps none for a salt that strangers made up', () => {
    const texts = [1, 2, 3].map(() => sealer.seal('text', 'context'));
    const opener = new Sealer('a secret', 'login');
    const derive = mock.method(crypto, 'createHmac');
    try {
      for (const text of texts) expect(opener.open(text, 'context')).to.equal('text');
      expect(derive.mock.callCount()).to.equal(1);
      const strange = `${'A'.repeat(22)}${texts[0]?.slice(22)}`;
      for (const _ of texts) expect(opener.open(strange, 'context')).to.equal(undefined);
      expect(derive.mock.callCount()).to.equal(1 + texts.length);
    } finally {
      derive.mock.restore();
    }
  });

  it('draws salts and nonces that are random in each byte', () => {
    const sealed = Array.from({ length: 1000 }, () => new Sealer('a secret', 'login').seal('', ''));
    const countValues = (start: number, end: number): number[] => {
      const draws = sealed.map((text) => Buffer.from(text.slice(start, end), 'base64url'));
      return [...(draws[0] as Buffer).keys()].map((at) => new Set(draws.map((bytes) => bytes[at])).size);
    };
    for (const [start, end, length] of [
      [0, 22, 16],
      [22, 38, 12],
    ] as const) {
      const counts = countValues(start, end);
      expect(counts).to.have.length(length);
      // Of 256, a thousand draws take about 251.
      expect(Math.min(...counts)).to.be.above(200);
    }
  });

  it('keeps the keys of a thousand salts at most', () => {
    const texts = Array.from({ length: 1001 }, () => new Sealer('a secret', 'login').seal('', ''));
    const opener = new Sealer('a secret', 'login');
    for (const text of texts) opener.open(text, '');
    const derive = mock.method(crypto, 'createHmac');
    try {
      expect(opener.open(texts[0] as string, '')).to.equal('');
      expect(derive.mock.callCount()).to.equal(1);
    } finally {
      derive.mock.restore();
    }
  });

  it('keeps nothing of the headers that its texts came in', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const readHeapBytes = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const opener = new Sealer('a secret', 'login');
    const before = readHeapBytes();
    for (let count = 0; count < 200; count++) {
      const text = new Sealer('a secret', 'login').seal('', '');
      const header = Buffer.from(`${'x'.repeat(100_000)}; c=${text}`).toString('latin1');
      expect(opener.open(header.slice(-text.length), '')).to.equal('');
    }
    // All of them together are 20 MB.
    expect(readHeapBytes() - before).to.be.below(5_000_000);
  });

  it('opens the texts of more processes than it keeps keys of', () => {
    const texts = Array.from({ length: 1001 }, () => new Sealer('a secret', 'login').seal('text', 'context'));
    const opener = new Sealer('a secret', 'login');
    for (const text of [...texts, ...texts]) expect(opener.open(text, 'context')).to.equal('text');
  });

  it('opens nothing with any one character changed', () => {
    const opened = tamper(sealer.seal('text', 'context')).map((sealed) => sealer.open(sealed, 'context'));
    expect(new Set(opened)).to.deep.equal(new Set([undefined]));
  });

  it('opens nothing in another context', () => {
    expect(sealer.open(sealer.seal('text', 'context'), 'another')).to.equal(undefined);
  });

  it('opens nothing of another secret', () => {
    expect(new Sealer('b', 'login').open(sealer.seal('text', 'context'), 'context')).to.equal(undefined);
  });

  it('opens nothing of the same secret for another purpose', () => {
    const other = new Sealer('a secret', 'tokens');
    expect(other.open(sealer.seal('text', 'context'), 'context')).to.equal(undefined);
  });

  for (const sealed of [
    '',
    'a',
    'A'.repeat(58),
    'A'.repeat(59),
    'A'.repeat(60),
    'no base64!',
    '='.repeat(80),
  ]) {
    it(`opens nothing of rubbish: ${sealed.length} characters of ${sealed.slice(0, 10)}`, () => {
      expect(sealer.open(sealed, 'context')).to.equal(undefined);
    });
  }

  it('opens nothing with characters put in that base64url skips', () => {
    const sealed = sealer.seal('text', 'context');
    for (const changed of [`${sealed}=`, `${sealed} `, `${sealed}!`, ` ${sealed}`])
      expect(sealer.open(changed, 'context')).to.equal(undefined);
  });

  it('opens what an older secret sealed, and seals with the newest', () => {
    const rotated = new Sealer(['new', 'a secret'], 'login');
    expect(rotated.open(sealer.seal('text', 'context'), 'context')).to.equal('text');
    expect(new Sealer('new', 'login').open(rotated.seal('text', 'context'), 'context')).to.equal('text');
    expect(sealer.open(rotated.seal('text', 'context'), 'context')).to.equal(undefined);
  });

  for (const secrets of [[], '', [''], ['a', ''], undefined, null, 42, {}, [42]]) {
    it(`refuses ${JSON.stringify(secrets)} for a secret`, () => {
      expect(() => new Sealer(secrets as string, 'login')).to.throw(TypeError, 'option `secret`');
    });
  }
});
