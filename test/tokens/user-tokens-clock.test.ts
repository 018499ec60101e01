import { expect } from 'chai';
import { MetafyUserTokens } from '../../src';
import { caught } from '../support/caught';
import { hourMs, minuteMs, secondMs, useClock } from './support/clock';
import { listGrants, signIn, toAnswer, toClient, useEmulator, useToken } from './support/metafy';

const lifetimeMs = 7200 * secondMs;

describe('MetafyUserTokens and time', () => {
  const clock = useClock();
  const emulator = useEmulator();
  let store: Map<string, string>;
  let users: MetafyUserTokens;

  beforeEach(async () => {
    store = new Map();
    users = new MetafyUserTokens({ ...toClient(emulator), store });
    await users.set('ada', await signIn(emulator));
  });

  /** The tokens of a refresh whose answer has this lifetime. */
  async function refreshWith(expires_in: unknown) {
    clock.advance(lifetimeMs);
    emulator.fail('token', toAnswer({ expires_in }));
    return users.get('ada');
  }

  const lifetimesMs: Record<string, [expiresIn: unknown, lifetimeMs: number]> = {
    'no time at all': [0, 0],
    'one second': [1, secondMs],
    'half a second': [0.5, 500],
    'two hours when the answer does not say': [undefined, lifetimeMs],
    'two hours when the answer says null': [null, lifetimeMs],
    '30,000 years': [1e12, 1e15],
  };
  for (const [description, [expiresIn, expected]] of Object.entries(lifetimesMs)) {
    it(`takes ${JSON.stringify(expiresIn) ?? 'a missing expires_in'} for ${description}`, async () => {
      const { expiresAt } = await refreshWith(expiresIn);
      expect(expiresAt.getTime()).to.equal(Date.now() + expected);
    });
  }

  it('ends a lifetime at the last moment a date can hold', async () => {
    const { expiresAt } = await refreshWith(1e308);
    expect(expiresAt.getTime()).to.equal(8.64e15);
  });

  for (const expiresIn of [0, 1, 120]) {
    it(`hands out a token that lives ${expiresIn} s, and replaces it at the next call`, async () => {
      await refreshWith(expiresIn);
      emulator.fail('token', toAnswer({ access_token: 'the-next-one' }));
      expect((await users.get('ada')).accessToken).to.equal('the-next-one');
      expect(listGrants(emulator)).to.have.length(2);
    });
  }

  for (const expiresIn of [121, 1e12, 1e308]) {
    it(`hands out a token that lives ${expiresIn} s again`, async () => {
      const tokens = await refreshWith(expiresIn);
      expect((await users.get('ada')).accessToken).to.equal(tokens.accessToken);
      expect(listGrants(emulator)).to.have.length(1);
    });
  }

  for (const expiresIn of ['7200', '', 'soon', -1, -7200, true, [], {}]) {
    it(`refuses ${JSON.stringify(expiresIn)} for a lifetime, and stores nothing`, async () => {
      const rows = [...store];
      const error = await caught(() => refreshWith(expiresIn));
      expect(error).to.have.property('code', 'bad_body');
      expect(error.message).to.include('`expires_in`');
      expect([...store]).to.deep.equal(rows);
    });
  }

  it('replaces tokens when the clock jumps back an hour: nobody knows how long they live', async () => {
    clock.setBack(hourMs);
    expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
    expect(listGrants(emulator)).to.have.length(1);
  });

  it('does so once, and keeps the new ones', async () => {
    clock.setBack(hourMs);
    const { accessToken } = await users.get('ada');
    expect((await users.get('ada')).accessToken).to.equal(accessToken);
    expect(listGrants(emulator)).to.have.length(1);
  });

  it('puts up with a clock that another machine has up to a minute ahead', async () => {
    clock.setBack(minuteMs);
    await users.get('ada');
    expect(listGrants(emulator)).to.have.length(0);
  });

  it('fails when the clock has jumped back an hour and Metafy is out of reach', async () => {
    clock.setBack(hourMs);
    emulator.fail('token', { reset: true });
    expect(await caught(() => users.get('ada'))).to.have.property('code', 'network');
    expect(await useToken(emulator, await users.get('ada')), 'when it is back').to.equal(200);
  });

  it('replaces tokens when the clock jumps ahead', async () => {
    clock.advance(24 * hourMs);
    expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
    expect(listGrants(emulator)).to.have.length(1);
  });
});
