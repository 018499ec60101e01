import { expect } from 'chai';
import fastCheck from 'fast-check';
import {
  type CallbackParameters,
  MalformedCallback,
  readCallbackParameters,
} from '../src/callback-parameters';

const read = (query: unknown, body?: unknown) => readCallbackParameters({ query, body });
const refuse = (query: unknown, body?: unknown) => {
  const result = read(query, body);
  expect(result).to.be.instanceOf(MalformedCallback);
  return (result as MalformedCallback).message;
};

describe('readCallbackParameters', () => {
  it('reads what a server sends back', () => {
    const query = {
      code: 'a',
      state: 'b',
      error: 'c',
      error_description: 'Un problème · ✓',
      error_uri: 'https://metafy.gg/help',
    };
    expect(read(query)).to.deep.equal(query);
  });

  it('leaves everything else out', () => {
    expect(read({ code: 'a', iss: 'b', access_token: 'c', 'x[]': ['d'] })).to.deep.equal({ code: 'a' });
  });

  it('is nothing without `code` and `error`, which starts a login', () => {
    expect([read({}), read({ state: 'a' }), read({ error_description: 'a' })]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('reads a form post', () => {
    expect(read({}, { code: 'a', state: 'b' })).to.deep.equal({ code: 'a', state: 'b' });
  });

  it('prefers the query, and never mixes it with a form post', () => {
    expect(read({ code: 'a' }, { code: 'b', state: 'b' })).to.deep.equal({ code: 'a' });
    expect(read({ state: 'a' }, { code: 'b' })).to.deep.equal({ code: 'b' });
  });

  for (const body of [undefined, null, 'code=a', Buffer.from('code=a'), [{ code: 'a' }], 42]) {
    it(`reads nothing in a body that is ${body === null ? 'null' : (body?.constructor.name ?? 'undefined')}`, () => {
      expect(read({}, body)).to.equal(undefined);
    });
  }

  it('reads the URL of a request that nobody parsed', () => {
    expect(readCallbackParameters({ url: '/cb?code=a%20b&state=c' })).to.deep.equal({
      code: 'a b',
      state: 'c',
    });
  });

  for (const url of [undefined, '/cb', '/cb?', '/cb?state=a']) {
    it(`starts a login for ${url ?? 'no URL'}`, () => {
      expect(readCallbackParameters({ url })).to.equal(undefined);
    });
  }

  it('refuses a parameter twice in a URL that nobody parsed', () => {
    expect(readCallbackParameters({ url: '/cb?code=a&code=b' })).to.be.instanceOf(MalformedCallback);
  });

  for (const name of ['code', 'state', 'error', 'error_description', 'error_uri']) {
    for (const value of [['a', 'b'], ['a'], [], { a: 'b' }, null, undefined, 42, true]) {
      it(`refuses ${name} that is ${JSON.stringify(value) ?? 'undefined'}`, () => {
        expect(refuse({ [name]: value })).to.equal(`\`${name}\` must be given once.`);
      });
    }

    for (const key of [`${name}[]`, `${name}[a]`, `${name}[a][b]`, `${name}[`]) {
      it(`refuses ${key}, as Express 5 leaves it`, () => {
        expect(refuse({ [key]: 'a' })).to.equal(`\`${name}\` must be given once.`);
      });
    }

    it(`refuses ${name} with a NUL byte, a line break or DEL`, () => {
      for (const char of ['\0', '\n', '\r', '\x7f'])
        expect(refuse({ [name]: `a${char}b` })).to.equal(`\`${name}\` has characters it cannot have.`);
    });
  }

  for (const [name, maxLength] of [
    ['code', 2048],
    ['state', 4096],
    ['error', 200],
    ['error_description', 2000],
    ['error_uri', 2000],
  ] as const) {
    it(`takes ${name} of ${maxLength} characters and refuses one more`, () => {
      const query = { code: 'a', [name]: 'a'.repeat(maxLength) };
      expect(read(query)).to.deep.equal(query);
      expect(refuse({ code: 'a', [name]: 'a'.repeat(maxLength + 1) })).to.equal(`\`${name}\` is too long.`);
    });
  }

  it('refuses what is not ASCII outside the description', () => {
    for (const name of ['code', 'state', 'error', 'error_uri']) refuse({ [name]: 'ä' });
  });

  it('refuses an empty code or error', () => {
    refuse({ code: '' });
    refuse({ error: '' });
  });

  it('refuses a malformed form post', () => {
    refuse({}, { code: ['a', 'b'] });
  });

  it('refuses a malformed query even where the body is well-formed', () => {
    refuse({ code: ['a'] }, { code: 'b' });
  });

  it('never repeats a value in its message', () => {
    expect(refuse({ code: 'canary\n' }) + refuse({ state: ['canary'] })).not.to.include('canary');
  });

  it('reads nothing but short single strings, whatever it is given', () => {
    const names = ['code', 'state', 'error', 'error_description', 'error_uri'];
    const key = fastCheck.oneof(fastCheck.constantFrom(...names), fastCheck.string());
    fastCheck.assert(
      fastCheck.property(fastCheck.dictionary(key, fastCheck.anything()), (query) => {
        const result = read(query);
        if (result === undefined || result instanceof MalformedCallback) return;
        expect(Object.keys(result).every((name) => names.includes(name))).to.equal(true);
        for (const value of Object.values(result as CallbackParameters)) expect(value).to.be.a('string');
      }),
    );
  });
});
