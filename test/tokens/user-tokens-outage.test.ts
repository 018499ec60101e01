import { expect } from 'chai';
import { MetafyOAuthError, MetafyResponseError, MetafyUserTokens } from '../../src';
import type { MetafyEmulatorFault } from '../../src/emulator';
import { caught } from '../support/caught';
import { minuteMs, secondMs, useClock } from './support/clock';
import { listGrants, refreshModes, signIn, toAnswer, toClient, useEmulator, useToken } from './support/metafy';

const lifetimeMs = 7200 * secondMs;

const outages: Record<string, MetafyEmulatorFault> = {
  'resets the connection': { reset: true },
  'answers 500': { status: 500, body: 'Oops' },
  'answers 503 with an OAuth error': { status: 503, body: { error: 'temporarily_unavailable' } },
  'answers 429': { status: 429, headers: { 'Retry-After': '9' }, body: { error: 'rate_limited' } },
  'answers HTML': { status: 200, body: '<!doctype html><title>Maintenance</title>' },
};

const unusableAnswers: Record<string, Record<string, unknown>> = {
  'no access token': { access_token: undefined },
  'an access token that is a number': { access_token: 12 },
  'an empty access token': { access_token: '' },
  'an access token with a newline': { access_token: 'a\nb' },
  'a huge access token': { access_token: 'x'.repeat(4097) },
  'no token type': { token_type: undefined },
  'the token type MAC': { token_type: 'mac' },
  'a token type that is a list': { token_type: ['Bearer'] },
  'a refresh token that is an object': { refresh_token: {} },
  'an empty refresh token': { refresh_token: '' },
  'a scope that is a list': { scope: ['profile'] },
  'a lifetime that is text': { expires_in: '7200' },
  'a negative lifetime': { expires_in: -1 },
};

describe('MetafyUserTokens when Metafy is out of reach', () => {
  const clock = useClock();
  const emulator = useEmulator();
  const store = new Map<string, string>();
  const create = (options: object = {}) => new MetafyUserTokens({ ...toClient(emulator), store, ...options });

  beforeEach(() => store.clear());

  for (const [outage, fault] of Object.entries(outages)) {
    it(`hands out an access token that is still valid (Metafy ${outage})`, async () => {
      const users = create();
      const tokens = await signIn(emulator);
      await users.set('ada', tokens);
      clock.advance(lifetimeMs - minuteMs);
      emulator.fail('token', fault);
      expect(await users.get('ada')).to.deep.equal(tokens);
      expect(await useToken(emulator, tokens)).to.equal(200);
      expect(listGrants(emulator), 'one attempt, never repeated').to.have.length(1);
    });

    it(`fails when the access token has expired, and keeps the refresh token (Metafy ${outage})`, async () => {
      const users = create();
      await users.set('ada', await signIn(emulator));
      const rows = [...store];
      clock.advance(lifetimeMs);
      emulator.fail('token', fault);
      const error = await caught<MetafyResponseError>(() => users.get('ada'));
      expect(error.status).to.be.within(502, 504);
      expect([...store]).to.deep.equal(rows);
      expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
    });
  }

  it('gives every caller the token that is still valid', async () => {
    const users = create();
    const tokens = await signIn(emulator);
    await users.set('ada', tokens);
    clock.advance(lifetimeMs - minuteMs);
    emulator.fail('token', { status: 503 });
    const all = await Promise.all(Array.from({ length: 20 }, () => users.get('ada')));
    expect(all.map(({ accessToken }) => accessToken)).to.deep.equal(Array(20).fill(tokens.accessToken));
  });

  it('fails when nothing listens, and the access token has expired', async () => {
    const users = create({ baseURL: 'http://127.0.0.1:1' });
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
    const error = await caught(() => users.get('ada'));
    expect(error).to.be.instanceOf(MetafyResponseError).with.property('code', 'network');
  });

  it('fails when no answer comes in time, and the access token has expired', async () => {
    const users = create({ timeoutMs: 50 });
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs);
    emulator.fail('token', { hang: true });
    const error = await caught(() => users.get('ada'));
    expect(error).to.be.instanceOf(MetafyResponseError).with.property('code', 'timeout');
  });

  it('does not take wrong credentials for an outage', async () => {
    const users = create({ clientSecret: 'wrong' });
    await users.set('ada', await signIn(emulator));
    clock.advance(lifetimeMs - minuteMs);
    const error = await caught(() => users.get('ada'));
    expect(error).to.be.instanceOf(MetafyOAuthError).with.property('code', 'invalid_client');
  });

  it('does not hand out a token whose authorization is known to be gone', async () => {
    const users = create();
    const tokens = await signIn(emulator);
    await users.set('ada', tokens);
    emulator.expire(tokens.refreshToken as string);
    clock.advance(lifetimeMs - minuteMs);
    expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
  });

  for (const [problem, changes] of Object.entries(unusableAnswers)) {
    it(`does not store an answer with ${problem}`, async () => {
      const users = create();
      await users.set('ada', await signIn(emulator));
      const rows = [...store];
      clock.advance(lifetimeMs);
      emulator.fail('token', toAnswer(changes));
      const error = await caught(() => users.get('ada'));
      expect(error).to.be.instanceOf(MetafyResponseError).with.property('code', 'bad_body');
      expect(error.message).not.to.include('xrnk').and.not.to.include('RC5G');
      expect([...store]).to.deep.equal(rows);
    });
  }

  for (const token_type of ['bearer', 'BEARER', 'bEaReR']) {
    it(`takes the token type ${token_type}`, async () => {
      const users = create();
      await users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
      emulator.fail('token', toAnswer({ token_type }));
      expect((await users.get('ada')).tokenType).to.equal(token_type);
    });
  }

  for (const mode of refreshModes) {
    it(`says what an answer that was lost on its way costs when Metafy rotates ${mode}`, async () => {
      emulator.setRefreshMode(mode);
      const users = create();
      await users.set('ada', await signIn(emulator));
      clock.advance(lifetimeMs);
      emulator.fail('token', { truncate: true });
      expect(await caught(() => users.get('ada'))).to.be.instanceOf(MetafyResponseError);
      if (mode === 'on_use') expect(await useToken(emulator, await users.get('ada'))).to.equal(200);
      else expect(await caught(() => users.get('ada'))).to.have.property('code', 'login_required');
    });
  }
});
