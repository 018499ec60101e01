import { createDecipheriv } from 'node:crypto';
import { expect } from 'chai';
import { CookieStateStore } from '../../src';
import { createRequest, listSetCookies } from '../support/strategy-run';

const meta = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  tokenURL: 'https://metafy.gg/irk/oauth/token',
  clientID: 'a-client',
  callbackURL: 'http://127.0.0.1/callback',
};

describe('timing of secret comparison (RFC 6819, section 5.1.4.2.2; CWE-208)', () => {
  const store = new CookieStateStore({ secret: 'a secret of at least 32 characters' });
  const decipher = Object.getPrototypeOf(createDecipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12)));
  const { final, setAuthTag } = decipher;
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
  });
  after(() => Object.assign(decipher, { final, setAuthTag }));

  /** A pending login: whether it can be finished with another value of its cookie. */
  function startLogin() {
    const req = createRequest();
    let state: string | undefined;
    store.store(req, 'a-verifier', undefined, meta, (_error, text) => {
      state = text;
    });
    const [, name = '', value = ''] = /^([^=]+)=([^;]+)/.exec(listSetCookies(req).join()) ?? [];
    const isAccepted = (changed: string): boolean => {
      let result: unknown;
      const headers = { cookie: `${name}=${changed}` };
      store.verify(createRequest({ headers }), state, meta, (_error, ok) => {
        result = ok;
      });
      return result !== false;
    };
    return { value, isAccepted };
  }

  it('is OpenSSL’s, which compares the tag of AES-256-GCM in constant time', () => {
    const { value, isAccepted } = startLogin();
    for (let at = 0; at < value.length; at++) {
      const changed = value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1);
      expect(isAccepted(changed)).to.equal(false);
    }
    // All but what was rejected by its form: that needs no secret.
    expect(rejectedByOpenSSL).to.be.above(value.length * 0.8);
    expect(isAccepted(value)).to.equal(true);
  });

  it('takes no shorter tag, which would be easier to guess', () => {
    const { value, isAccepted } = startLogin();
    for (let length = 0; length < value.length; length++) {
      expect(isAccepted(value.slice(0, length))).to.equal(false);
    }
    expect(isAccepted(value)).to.equal(true);
    expect([...tagLengths]).to.deep.equal([16]);
  });
});
