import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { type SessionRequest, SessionStateStore } from '../../src/passport/session-state-store';

const meta = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  tokenURL: 'https://metafy.gg/irk/oauth/token',
  clientID: 'a-client',
  callbackURL: 'https://app.example/cb',
};
const store = new SessionStateStore('the key', true);

type Call = [error: Error | null, ...values: unknown[]];

function start(req: SessionRequest, state?: unknown, verifier: string | null = 'a verifier') {
  let call: Call | undefined;
  store.store(req, verifier ?? undefined, state, meta, (...given) => {
    call = given;
  });
  return call as [error: Error | null, handle: string];
}

function finish(req: SessionRequest, handle: string | undefined, { from = store, changed = {} } = {}): Call {
  let call: Call | undefined;
  from.verify(req, handle, { ...meta, ...changed }, (...given) => {
    call = given;
  });
  return call as Call;
}

function expectUnknown([error, ok, info]: Call, code = 'unknown_state'): void {
  expect([error, ok]).to.deep.equal([null, false]);
  expect(info).to.include({ code }).with.property('message').that.includes('sign in again');
}

/** A session that keeps what is assigned to it, as a copy, and knows nothing of `delete`. */
function createAssignedSession(): Record<string, unknown> {
  const kept = new Map<PropertyKey, string | undefined>();
  return new Proxy(
    {},
    {
      get(_target, name) {
        const text = kept.get(name);
        return text && JSON.parse(text);
      },
      set(_target, name, value) {
        kept.set(name, JSON.stringify(value));
        return true;
      },
    },
  );
}

for (const [title, createSession] of [
  ['a session that is a plain object', () => ({})],
  ['a session that notices assignments only', createAssignedSession],
] as const) {
  describe(`the state in ${title}`, () => {
    let req: { session: Record<string, unknown> };
    beforeEach(() => {
      req = { session: createSession() };
    });

    it('comes back with the verifier, once', () => {
      const [, handle] = start(req, { returnTo: '/' });
      expect(finish(req, handle)).to.deep.equal([null, 'a verifier', { returnTo: '/' }]);
      expectUnknown(finish(req, handle));
    });

    it('leaves alone what else is under its key, as passport-oauth2 does', () => {
      req.session['the key'] = { own: 1 };
      finish(req, start(req)[1]);
      expect(req.session['the key']).to.deep.equal({ own: 1 });
    });

    it('is that of the sign-in that was started last', () => {
      const [[, first], [, second]] = [start(req), start(req)];
      expectUnknown(finish(req, first));
      expect(finish(req, second)[1]).to.equal('a verifier');
    });

    it("is not used up by a stranger's callback", () => {
      const [, handle] = start(req);
      for (const other of ['another', '', undefined]) expectUnknown(finish(req, other));
      expect(finish(req, handle)[1]).to.equal('a verifier');
    });
  });
}

describe('SessionStateStore', () => {
  for (const changed of [
    { clientID: 'another' },
    { callbackURL: 'https://app.example/other' },
    { authorizationURL: 'https://another.example/' },
  ]) {
    it(`knows no sign-in with another ${Object.keys(changed)}, and does not use it up`, () => {
      const req = { session: {} };
      const [, handle] = start(req);
      expectUnknown(finish(req, handle, { changed }));
      expect(finish(req, handle)[1]).to.equal('a verifier');
    });
  }

  it('knows a sign-in without a verifier only where PKCE is off', () => {
    const req = { session: {} };
    const [, handle] = start(req, undefined, null);
    expectUnknown(finish(req, handle));
    expect(finish(req, handle, { from: new SessionStateStore('the key', false) })).to.deep.equal([
      null,
      true,
      undefined,
    ]);
  });

  it('knows a sign-in for ten minutes', () => {
    const clock = install({ toFake: ['Date'], now: 1_800_000_000_000 });
    try {
      const [late, early] = [{ session: {} }, { session: {} }];
      const [[, lateHandle], [, earlyHandle]] = [start(late), start(early)];
      clock.tick(600_000 - 1);
      expect(finish(early, earlyHandle)[1]).to.equal('a verifier');
      clock.tick(1);
      expectUnknown(finish(late, lateHandle), 'expired_state');
    } finally {
      clock.uninstall();
    }
  });

  it('leaves nothing behind in the session, and the rest of it alone', () => {
    const session = { cart: 7 };
    finish({ session }, start({ session })[1]);
    expect(session).to.deep.equal({ cart: 7 });
  });

  it('knows nothing in what is not its own', () => {
    for (const kept of [undefined, null, 'a', {}, { state: null }, { state: 'a' }, { state: { handle: '' } }]) {
      for (const handle of [undefined, '', 'a']) expectUnknown(finish({ session: { 'the key': kept } }, handle));
    }
  });

  it('says that a session is missing', () => {
    for (const req of [{}, { session: null }]) {
      for (const [error] of [start(req), finish(req, 'a handle')]) expect(error?.message).to.include('session support');
    }
  });
});
