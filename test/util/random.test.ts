import { expect } from 'chai';
import { takeRandomBytes } from '../src/random';

describe('takeRandomBytes', () => {
  it('gives as many bytes as asked for, across pools', () => {
    for (const count of [1, 28, 4000, 4096, 28]) expect(takeRandomBytes(count)).to.have.lengthOf(count);
  });

  it('never gives the same bytes twice', () => {
    const draws = Array.from({ length: 2000 }, () => takeRandomBytes(16));
    expect(new Set(draws.map((bytes) => bytes.toString('hex'))).size).to.equal(draws.length);
  });

  it('leaves alone what it has given', () => {
    const bytes = takeRandomBytes(16);
    const copy = Buffer.from(bytes);
    for (let draws = 0; draws < 1000; draws++) takeRandomBytes(16);
    expect(bytes.equals(copy)).to.equal(true);
  });
});
