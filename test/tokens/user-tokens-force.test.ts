import { expect } from 'chai';
import { caught } from '../support/caught';
import { useClock } from './support/clock';
import { atRead, readOf, startMachine } from './support/machine';
import { listGrants, signIn, useEmulator, useToken } from './support/metafy';
import { Gate } from './support/remote-store';

describe('MetafyUserTokens whose access token was refused', () => {
  useClock();
  const emulator = useEmulator();

  it('replaces a token that Metafy refuses, though it seems valid', async () => {
    const { users, store } = startMachine(emulator, new Map());
    const tokens = await signIn(emulator);
    await users.set('ada', tokens);
    emulator.expire(tokens.accessToken);
    const renewed = await users.get('ada', { force: true });
    expect(await useToken(emulator, renewed)).to.equal(200);
    expect(await users.get('ada')).to.deep.equal(renewed);
    expect(store.rows.size).to.equal(1);
  });

  it('replaces it once for all who were refused at the same time', async () => {
    const { users } = startMachine(emulator, new Map());
    await users.set('ada', await signIn(emulator));
    const force = { force: true };
    const all = await Promise.all(Array.from({ length: 50 }, () => users.get('ada', force)));
    expect(new Set(all.map(({ accessToken }) => accessToken)).size).to.equal(1);
    expect(listGrants(emulator)).to.have.length(1);
  });

  it('hands out nothing old to who was refused', async () => {
    const { users } = startMachine(emulator, new Map());
    const tokens = await signIn(emulator);
    await users.set('ada', tokens);
    emulator.fail('token', { reset: true });
    expect(await caught(() => users.get('ada', { force: true }))).to.have.property('code', 'network');
    expect(await users.get('ada')).to.deep.equal(tokens);
  });

  it('takes what another machine has renewed meanwhile', async () => {
    const rows = new Map<string, string>();
    const [one, two] = [startMachine(emulator, rows), startMachine(emulator, rows)];
    await one.users.set('ada', await signIn(emulator));
    const gate = new Gate();
    atRead(one.store, readOf.turn, gate.hook);
    const waiting = one.users.get('ada', { force: true });
    await gate.reached;
    const renewed = await two.users.get('ada', { force: true });
    gate.release();
    expect(await waiting).to.deep.equal(renewed);
    expect(listGrants(emulator)).to.have.length(1);
  });
});
