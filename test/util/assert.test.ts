import { expect } from 'chai';
import { explainMisuse, requireDuration, requireFunction, requireObject, requireText } from '../src/options';

describe('requireText', () => {
  it('returns the text', () => {
    expect(requireText('clientID', 'a')).to.equal('a');
  });

  for (const [value, described] of [
    [undefined, 'undefined'],
    [null, 'null'],
    ['', 'empty'],
    [42, 'number'],
    [['a'], 'object'],
  ] as const) {
    it(`says that ${JSON.stringify(value)} is ${described}`, () => {
      expect(() => requireText('clientID', value)).to.throw(
        TypeError,
        `option \`clientID\` must be a non-empty string, but is ${described}`,
      );
    });
  }
});

describe('requireDuration', () => {
  it('takes any time a timer can hold', () => {
    expect([0.5, 1, 2 ** 31 - 1].map((value) => requireDuration('timeoutMs', value))).to.have.lengthOf(3);
  });

  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '1000', null, undefined]) {
    it(`refuses ${typeof value} ${value}`, () => {
      expect(() => requireDuration('timeoutMs', value)).to.throw(TypeError, '`timeoutMs`');
    });
  }
});

describe('requireFunction', () => {
  it('takes functions only', () => {
    expect(() => requireFunction('verify', () => {})).not.to.throw();
    expect(() => requireFunction('verify', {})).to.throw(
      TypeError,
      '`verify` must be a function, but is object',
    );
  });
});

describe('requireObject', () => {
  it('takes objects only', () => {
    expect(() => requireObject('options', {})).not.to.throw();
    expect(() => requireObject('options', null)).to.throw(
      TypeError,
      '`options` must be an object, but is null',
    );
  });
});

describe('explainMisuse', () => {
  const fail = (error: Error) => () => {
    throw error;
  };

  it('returns what the check returns', () => {
    expect(explainMisuse('MetafyStrategy', () => 42)).to.equal(42);
  });

  it('names the owner in message and stack', () => {
    expect(() => explainMisuse('MetafyStrategy', fail(new TypeError('wrong'))))
      .to.throw(TypeError, /^MetafyStrategy: wrong$/)
      .with.property('stack')
      .that.includes('MetafyStrategy: wrong');
  });

  it('lets any other error through as it is', () => {
    expect(() => explainMisuse('MetafyStrategy', fail(new RangeError('wrong')))).to.throw(
      RangeError,
      /^wrong$/,
    );
  });
});
