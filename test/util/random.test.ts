import { expect } from 'chai';
import { drawRandomBytes } from '../../src/util/random';

describe('drawRandomBytes', () => {
  it('gives as many bytes as asked for, across pools', () => {
    for (const count of [1, 28, 4000, 4096, 28]) expect(drawRandomBytes(count)).to.have.lengthOf(count);
  });

  it('never gives the same bytes twice, and leaves alone what it has given', () => {
    const draws = Array.from({ length: 2000 }, () => drawRandomBytes(16)).map((bytes) => ({
      bytes,
      copy: Buffer.from(bytes),
    }));
    expect(new Set(draws.map(({ copy }) => copy.toString('hex'))).size).to.equal(draws.length);
    expect(draws.every(({ bytes, copy }) => bytes.equals(copy))).to.equal(true);
  });
});
