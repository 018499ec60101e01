import { expect } from 'chai';
import * as assert from '../../src/util/assert';
import { expectError } from '../support/caught';

const longToken = 'a'.repeat(16 * 1024);
const [secret, olderSecret] = ['s'.repeat(32), 't'.repeat(40)];
const requireMethods = (option: string, value: unknown) => assert.requireMethods(option, value, ['get', 'set']);
const requireUserId = (_option: string, value: unknown) => assert.requireUserId(value);

/** Each check, with what it takes and what it does not. */
// biome-ignore format: a table
const checks: [check: (name: string, value: unknown) => unknown, takes: unknown[], refuses: unknown[]][] = [
  [assert.requireString, ['a'], [undefined, null, '', 42, ['a']]],
  [assert.requireDuration, [0.5, 1, 2 ** 31 - 1], [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '1000', null]],
  [assert.requireStrings, ['', 'a b', [], ['a', 'b']], [undefined, null, 42, ['a', 42], {}]],
  [assert.requireFunction, [() => {}, class {}], [undefined, null, {}, 'canary']],
  [assert.requireObject, [{}, []], [undefined, null, 'canary', () => {}]],
  [requireMethods, [new Map(), { get() {}, set() {} }], [undefined, null, 'canary', { get() {} }, { get() {}, set: true }]],
  [assert.requireToken, ['a', longToken, '!~'],
    [undefined, null, 42, {}, ['a'], '', 'a b', ' ', 'a\nb', 'canary\n', 'tökèn', '\x7f', `${longToken}a`]],
  [assert.requireSecrets, [secret, [secret, olderSecret]],
    [undefined, null, '', [], 42, 'canary', 's'.repeat(31), [secret, 'canary'], [secret, null]]],
  [requireUserId, ['a', '💎', '__proto__'], [undefined, '', 7, '\ud800', 'canary\udc00b']],
];

for (const [check, takes, refuses] of checks) {
  describe(check.name, () => {
    it('takes what is right', () => {
      for (const value of takes) expect(() => check('name', value)).not.to.throw();
    });

    it('refuses anything else, naming the option and not showing the value', async () => {
      for (const value of refuses) {
        const { message } = await expectError(() => check('name', value), { name: 'TypeError' });
        expect(message)
          .to.match(/`(name|userId)`/)
          .and.not.include('canary');
      }
    });
  });
}

it('a TypeError tells an empty string, such as an environment variable that is not set, from none', async () => {
  for (const [value, kind] of [
    ['', 'empty'],
    [null, 'null'],
    [undefined, 'undefined'],
    [42, 'number'],
  ] as const) {
    const { message } = await expectError(() => assert.requireString('name', value));
    expect(message.endsWith(` ${kind}`)).to.equal(true);
  }
});

it('requireSecrets returns a list, the newest first', () => {
  expect(assert.requireSecrets('name', secret)).to.deep.equal([secret]);
  expect(assert.requireSecrets('name', [secret, olderSecret])).to.deep.equal([secret, olderSecret]);
});
