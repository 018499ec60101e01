import { expect } from 'chai';
import { type MetafyStore, SealedStore, UnreadableValueError } from '../../src/util/sealed-store';
import { caught, expectError, expectTypeError } from '../support/caught';
import { useClock } from '../tokens/support/clock';

const [secret, olderSecret] = ['n'.repeat(32), 'o'.repeat(32)];
const value = { token: 'canary' };
const parse = (json: Record<string, unknown>) => ('token' in json ? { token: json.token } : undefined);
const settings = { option: 'cache', purpose: 'tokens', timeoutMs: 100, parse };
const seal = (store: MetafyStore, options: { secret?: unknown } = { secret }, changes = {}) =>
  new SealedStore(store, options, { ...settings, ...changes });

describe('SealedStore', () => {
  const clock = useClock({ timers: true });
  const down = new Error('the store is down');
  let rows: Map<string, string>;
  beforeEach(() => {
    rows = new Map();
  });
  const row = () => [...rows.values()].join();

  it('gives back what it wrote, and nothing where nothing is', async () => {
    for (const options of [{}, { secret }]) {
      const store = seal(rows, options);
      await store.write('a key', value);
      expect(await store.read('a key')).to.deep.equal(value);
      await store.delete('a key');
      expect(await store.read('a key')).to.equal(undefined);
    }
  });

  it('writes JSON without a secret, and nothing readable with one', async () => {
    await seal(rows, {}).write('a key', value);
    expect(JSON.parse(row())).to.deep.equal(value);
    await seal(rows).write('a key', value);
    expect(Buffer.from(row(), 'base64url').toString('latin1')).not.to.include('canary');
  });

  it('opens what an older secret sealed, and seals with the newest', async () => {
    await seal(rows, { secret: olderSecret }).write('a key', value);
    const rotated = seal(rows, { secret: [secret, olderSecret] });
    expect(await rotated.read('a key')).to.deep.equal(value);
    await rotated.write('a key', value);
    expect(await seal(rows).read('a key')).to.deep.equal(value);
  });

  it('takes what another key, secret or purpose sealed, or nothing, for an error, and not for an absence', async () => {
    for (const [writer, key] of [
      [seal(rows), 'another'],
      [seal(rows, { secret: olderSecret }), 'a key'],
      [seal(rows, { secret }, { purpose: 'access' }), 'a key'],
      [seal(rows, {}), 'a key'],
    ] as const) {
      await writer.write(key, value);
      rows.set('a key', rows.get(key) as string);
      expect((await caught(() => seal(rows).read('a key'))).message).not.to.include('canary');
    }
  });

  it('takes what is no JSON object, or no such value, for an error as well', async () => {
    for (const text of ['', 'canary', '[]', 'null', '{"token":"canary', '{"other":"canary"}']) {
      rows.set('a key', text);
      for (const options of [{}, { secret }]) {
        const error = await caught(() => seal(rows, options).read('a key'));
        expect(error).to.be.instanceOf(UnreadableValueError);
        expect(error.message).not.to.include('canary');
      }
    }
  });

  it('takes what is not a string for an absence', async () => {
    for (const answer of [undefined, null, 7, value]) {
      rows.set('a key', answer as unknown as string);
      expect(await seal(rows).read('a key')).to.equal(undefined);
    }
  });

  it('fails when the store says that it did not keep the value', async () => {
    for (const set of [() => false, async () => false]) {
      await expectError(() => seal(Object.assign(new Map(), { set })).write('a key', value));
    }
  });

  it('passes on what the store throws or rejects with', async () => {
    const throwing = () => {
      throw down;
    };
    for (const get of [() => Promise.reject(down), throwing]) {
      expect(await caught(() => seal(Object.assign(new Map(), { get })).read('a key'))).to.equal(down);
    }
  });

  it('fails a call when the store keeps silent, instead of holding it', async () => {
    const never = () => new Promise<never>(() => undefined);
    const store = seal({ get: never, set: never, delete: never });
    for (const call of [() => store.read('a key'), () => store.write('a key', value), () => store.delete('a key')]) {
      const failure = expectError(call);
      clock.tick(settings.timeoutMs);
      await failure;
    }
  });

  it('refuses what is no store, naming the option', async () => {
    for (const store of [undefined, null, {}, { get() {}, set() {} }]) {
      await expectTypeError(() => seal(store as unknown as MetafyStore), 'cache');
    }
  });

  it('refuses a secret that is given but missing, or can be guessed: nothing falls back to plain text', async () => {
    for (const wrong of [undefined, 's'.repeat(31)])
      await expectTypeError(() => seal(rows, { secret: wrong }), 'secret');
  });
});
