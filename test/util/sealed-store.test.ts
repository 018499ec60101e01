import { expect } from 'chai';
import { type MetafyStore, SealedStore } from '../../src/util/sealed-store';
import { caught } from '../support/caught';
import { useClock } from '../tokens/support/clock';

const [secret, olderSecret] = ['n'.repeat(32), 'o'.repeat(32)];
const value = { token: 'canary' };
const settings = { option: 'cache', purpose: 'tokens', timeoutMs: 100 };
const seal = (store: MetafyStore, options: { secret?: unknown } = { secret }, changes = {}) =>
  new SealedStore(store, options, { ...settings, ...changes });

describe('SealedStore', () => {
  const clock = useClock({ timers: true });
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
    expect(row()).to.match(/^[\w-]+$/);
    expect(Buffer.from(row(), 'base64url').toString('latin1')).not.to.include('canary');
  });

  it('opens what an older secret sealed, and seals with the newest', async () => {
    await seal(rows, { secret: olderSecret }).write('a key', value);
    const rotated = seal(rows, { secret: [secret, olderSecret] });
    expect(await rotated.read('a key')).to.deep.equal(value);
    await rotated.write('a key', value);
    expect(await seal(rows).read('a key')).to.deep.equal(value);
  });

  const foreign: Record<string, () => unknown> = {
    'of another key': () =>
      seal(rows)
        .write('another', value)
        .then(() => rows.set('a key', row())),
    'of another secret': () => seal(rows, { secret: olderSecret }).write('a key', value),
    'of another purpose': () => seal(rows, { secret }, { purpose: 'access' }).write('a key', value),
    'in plain text': () => seal(rows, {}).write('a key', value),
    'cut off': () =>
      seal(rows)
        .write('a key', value)
        .then(() => rows.set('a key', row().slice(0, -5))),
    'changed at its beginning': () =>
      seal(rows)
        .write('a key', value)
        .then(() =>
          rows.set(
            'a key',
            row().replace(/^./, (char) => (char === 'A' ? 'B' : 'A')),
          ),
        ),
    empty: () => rows.set('a key', ''),
  };
  for (const [what, plant] of Object.entries(foreign)) {
    it(`takes a value ${what} for an error, and not for an absence`, async () => {
      await plant();
      const error = await caught(() => seal(rows).read('a key'));
      expect(error.message).not.to.include('canary');
    });
  }

  it('takes plain text that is no JSON object for an error as well', async () => {
    for (const text of ['canary', '[]', 'null', '{"token":"canary']) {
      rows.set('a key', text);
      expect((await caught(() => seal(rows, {}).read('a key'))).message).not.to.include('canary');
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
      await caught(() => seal(Object.assign(new Map(), { set })).write('a key', value));
    }
  });

  it('passes on what the store throws or rejects with', async () => {
    const down = new Error('the store is down');
    for (const get of [
      () => Promise.reject(down),
      () => {
        throw down;
      },
    ]) {
      expect(await caught(() => seal(Object.assign(new Map(), { get })).read('a key'))).to.equal(down);
    }
  });

  it('fails a call when the store keeps silent, instead of holding it', async () => {
    const never = () => new Promise<never>(() => undefined);
    const store = seal({ get: never, set: never, delete: never });
    for (const call of [() => store.read('a key'), () => store.write('a key', value), () => store.delete('a key')]) {
      const failure = caught(call);
      clock.tick(settings.timeoutMs);
      expect(await failure).to.be.instanceOf(Error);
    }
  });

  it('refuses what is no store, naming the option', () => {
    for (const store of [undefined, null, {}, { get() {}, set() {} }]) {
      expect(() => seal(store as unknown as MetafyStore)).to.throw(TypeError, '`cache`');
    }
  });

  it('refuses a secret that is given but missing, or can be guessed: nothing falls back to plain text', () => {
    for (const wrong of [undefined, null, '', 's'.repeat(31), [], [secret, undefined]]) {
      expect(() => seal(rows, { secret: wrong })).to.throw(TypeError, '`secret`');
    }
  });
});
