import { createDecipheriv } from 'node:crypto';
import { expect } from 'chai';
import { Sealer } from '../../src/util/seal';

// Whatever a stranger could guess at, a cookie or a stored row, is opened by it.
describe('timing of secret comparison (RFC 6819, section 5.1.4.2.2; CWE-208)', () => {
  const sealer = new Sealer(['a secret of at least 32 characters'], 'login');
  const decipher = Object.getPrototypeOf(createDecipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12)));
  const { final, setAuthTag } = decipher;
  let sealed: string;
  let tagLengths: Set<number>;
  let rejectedByOpenSSL: number;

  before(() => {
    decipher.setAuthTag = function (tag: Buffer) {
      tagLengths.add(tag.length);
      return setAuthTag.call(this, tag);
    };
    decipher.final = function () {
      rejectedByOpenSSL += 1;
      const text = final.call(this);
      rejectedByOpenSSL -= 1;
      return text;
    };
  });
  beforeEach(() => {
    tagLengths = new Set();
    rejectedByOpenSSL = 0;
    sealed = sealer.seal('the verifier and the state', 'context');
  });
  afterEach(() => expect(sealer.open(sealed, 'context')).to.equal('the verifier and the state'));
  after(() => Object.assign(decipher, { final, setAuthTag }));

  it('is OpenSSL’s, which compares the tag of AES-256-GCM in constant time', () => {
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(sealer.open(changed, 'context')).to.equal(undefined);
    }
    // All but what was rejected by its form: that needs no secret.
    expect(rejectedByOpenSSL).to.be.above(sealed.length * 0.8);
  });

  it('takes no shorter tag, which would be easier to guess', () => {
    for (let length = 0; length < sealed.length; length++) {
      expect(sealer.open(sealed.slice(0, length), 'context')).to.equal(undefined);
    }
    expect([...tagLengths]).to.deep.equal([16]);
  });
});
