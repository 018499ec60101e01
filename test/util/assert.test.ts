import { expect } from 'chai';
import {
  requireDuration,
  requireFunction,
  requireMethods,
  requireObject,
  requireSecrets,
  requireString,
  requireStrings,
  requireToken,
} from '../../src/util/assert';

const kibibyte = 1024;

/** Each check of an option, with what it takes and what it does not. */
const checks: Record<string, { check: (value: unknown) => unknown; takes: unknown[]; refuses: unknown[] }> = {
  requireString: {
    check: (value) => requireString('name', value),
    takes: ['a'],
    refuses: [undefined, null, '', 42, ['a']],
  },
  requireDuration: {
    check: (value) => requireDuration('name', value),
    takes: [0.5, 1, 2 ** 31 - 1],
    refuses: [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '1000', null, undefined],
  },
  requireStrings: {
    check: (value) => requireStrings('name', value),
    takes: ['', 'a b', [], ['a', 'b']],
    refuses: [undefined, null, 42, ['a', 42], {}],
  },
  requireFunction: {
    check: (value) => requireFunction('name', value),
    takes: [() => {}, class {}],
    refuses: [undefined, null, {}, 'canary'],
  },
  requireObject: {
    check: (value) => requireObject('name', value),
    takes: [{}, []],
    refuses: [undefined, null, 'canary', () => {}],
  },
  requireMethods: {
    check: (value) => requireMethods('name', value, ['get', 'set']),
    takes: [new Map(), { get() {}, set() {} }],
    refuses: [undefined, null, 'canary', {}, { get() {} }, { get() {}, set: true }],
  },
  requireToken: {
    check: (value) => requireToken('name', value),
    takes: ['a', 'a'.repeat(16 * kibibyte), '!~'],
    refuses: [undefined, null, 42, {}, ['a'], '', 'a b', 'a\nb', 'canary\n', 'tökèn', 'a'.repeat(16 * kibibyte + 1)],
  },
  requireSecrets: {
    check: (value) => requireSecrets('name', value),
    takes: ['s'.repeat(32), ['s'.repeat(32), 't'.repeat(40)]],
    refuses: [
      undefined,
      null,
      '',
      [],
      42,
      'canary',
      's'.repeat(31),
      ['s'.repeat(32), 'canary'],
      ['s'.repeat(32), null],
    ],
  },
};

for (const [name, { check, takes, refuses }] of Object.entries(checks)) {
  describe(name, () => {
    it('takes what is right', () => {
      for (const value of takes) expect(() => check(value)).not.to.throw();
    });

    it('refuses anything else, naming the option and not showing the value', () => {
      for (const value of refuses) {
        expect(() => check(value), JSON.stringify(value)?.slice(0, 40))
          .to.throw(TypeError, '`name`')
          .with.property('message')
          .that.does.not.include('canary');
      }
    });
  });
}

describe('requireSecrets', () => {
  it('returns a list, the newest first', () => {
    const [newer, older] = ['s'.repeat(32), 't'.repeat(32)];
    expect([requireSecrets('name', newer), requireSecrets('name', [newer, older])]).to.deep.equal([
      [newer],
      [newer, older],
    ]);
  });
});
