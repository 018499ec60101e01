import { expect } from 'chai';
import {
  CookieStateStore,
  MetafyAPI,
  MetafyClientCredentials,
  MetafyCommunityAccess,
  MetafyStrategy,
  MetafyUserTokens,
} from '../../src';
import { resolveClient } from '../../src/metafy/client';
import * as assert from '../../src/util/assert';
import { MetafySignIn } from '../../src/web';
import { expectError } from '../support/caught';

const longToken = 'a'.repeat(16 * 1024);
const [secret, olderSecret] = ['s'.repeat(32), 't'.repeat(40)];
const requireMethods = (option: string, value: unknown) => assert.requireMethods(option, value, ['get', 'set']);
const requireFunction = (name: string, value: unknown) => assert.requireFunction(name, value, 'parameter');
const requireUserId = (_option: string, value: unknown) => assert.requireUserId(value);

/** Each check, with what it takes and what it does not. */
// biome-ignore format: a table
const checks: [check: (name: string, value: unknown) => unknown, takes: unknown[], refuses: unknown[]][] = [
  [assert.requireString, ['a'], [undefined, null, '', 42, ['a']]],
  [assert.requireDuration, [0.5, 1, 2 ** 31 - 1], [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '1000', null]],
  [assert.requireStrings, ['', 'a b', [], ['a', 'b']], [undefined, null, 42, ['a', 42], {}]],
  [requireFunction, [() => {}, class {}], [undefined, null, {}, 'canary']],
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
    expect(message).to.include(`is ${kind}`);
    // For what comes from the environment, and never for what is there but wrong.
    expect(message.includes('environment variable')).to.equal(!value);
  }
});

it('requireSecrets returns a list, the newest first', () => {
  expect(assert.requireSecrets('name', secret)).to.deep.equal([secret]);
  expect(assert.requireSecrets('name', [secret, olderSecret])).to.deep.equal([secret, olderSecret]);
});

describe('rejectMisnamed', () => {
  const names = ['clientID', 'callbackURL', 'scope', 'timeoutMs', 'tierIds', 'baseURL'] as const;
  const check = (options: object) =>
    assert.rejectMisnamed<Partial<Record<(typeof names)[number], unknown>>>(options, names);

  it('names the option that was meant, and not the value', async () => {
    for (const [meant, others] of Object.entries({
      clientID: ['clientId', 'client_id', 'CLIENT_ID', 'client-id'],
      callbackURL: ['callbackUrl', 'callback_uri', 'callback', 'redirectUri', 'redirect_uri', 'redirectURL'],
      scope: ['scopes', 'Scope'],
      timeoutMs: ['timeout', 'timeoutms'],
      tierIds: ['tierId', 'tierIDs'],
      baseURL: ['baseUrl', 'base_uri'],
    })) {
      for (const given of others) {
        const { message } = await expectError(() => check({ [given]: 'canary' }), { name: 'TypeError' });
        expect(message).to.include(`\`${given}\``).and.include(`\`${meant}\``).and.not.include('canary');
      }
    }
  });

  it('leaves alone what resembles no option, or stands beside the right one', () => {
    const others = {
      customHeaders: {},
      sessionKey: '',
      client: {},
      url: '',
      constructor: '',
      toString: '',
      s: '',
      '': '',
    };
    check({ ...others, ['__proto__']: '' });
    check({ clientID: 'a', clientId: 'a', callbackURL: '/cb', redirectUri: '/cb', scope: undefined });
  });
});

describe('a misnamed option', () => {
  const client = { clientID: 'id', clientSecret: secret };
  const strategy = { ...client, callbackURL: '/cb' };
  const ofUser = { ...client, tokens: { of() {} }, communityId: 'a' };
  const constructors: [
    name: string,
    construct: (options: never) => unknown,
    right: object,
    given: string,
    meant: string,
  ][] = [
    ['MetafyStrategy', (options) => new MetafyStrategy(options, () => false), strategy, 'scopes', 'scope'],
    ['MetafySignIn', (options) => new MetafySignIn(options), strategy, 'scopes', 'scope'],
    ['CookieStateStore', (options) => new CookieStateStore(options), { secret }, 'maxAge', 'maxAgeMs'],
    [
      'MetafyUserTokens',
      (options) => new MetafyUserTokens(options),
      { ...client, store: new Map() },
      'secrets',
      'secret',
    ],
    ['MetafyClientCredentials', (options) => new MetafyClientCredentials(options), client, 'scopes', 'scope'],
    ['MetafyCommunityAccess', (options) => new MetafyCommunityAccess(options), ofUser, 'tierId', 'tierIds'],
    ['MetafyAPI', (options) => new MetafyAPI(options), {}, 'tokens', 'token'],
    ['MetafyAPI', (options) => new MetafyAPI(options), { token: 'a' }, 'timeout', 'timeoutMs'],
    ['resolveClient', resolveClient, { clientSecret: secret }, 'clientId', 'clientID'],
  ];
  for (const [name, construct, right, given, meant] of constructors) {
    it(`is told by ${name}`, () => {
      const message = `unknown option \`${given}\`: did you mean \`${meant}\`?`;
      expect(() => construct({ ...right, [given]: 'a' } as never)).to.throw(TypeError, message);
    });
  }
});
