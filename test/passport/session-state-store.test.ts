import { expect } from 'chai';
import { type SessionRequest, SessionStateStore } from '../../src/passport/session-state-store';
import { useClock } from '../tokens/support/clock';
import { callStore, stateMetadata } from './support/sign-in';

const key = 'the key';
const store = new SessionStateStore(key, true);
const verifier = 'a verifier';

const tryStart = (req: SessionRequest, state?: unknown, codeVerifier?: string) =>
  callStore((callback) => store.store(req, codeVerifier, state, stateMetadata, callback));

function start(req: SessionRequest, state?: unknown, codeVerifier: string | null = verifier): string {
  const [error, handle] = tryStart(req, state, codeVerifier ?? undefined);
  expect(error).to.equal(null);
  return handle as string;
}

const finish = (req: SessionRequest, handle: string | undefined, { from = store, changed = {} } = {}) =>
  callStore((callback) => from.verify(req, handle, { ...stateMetadata, ...changed }, callback));

function expectUnknown([error, ok, info]: unknown[], code = 'unknown_state'): void {
  expect([error, ok]).to.deep.equal([null, false]);
  expect(info).to.include({ code }).with.property('message').that.includes('sign in again');
}

/** A session that keeps what is assigned to it, as a copy, and knows nothing of `delete`. */
function createAssignedSession(): Record<string, unknown> {
  const kept = new Map<PropertyKey, string | undefined>();
  return new Proxy(
    {},
    {
      get: (_target, name) => JSON.parse(kept.get(name) ?? 'null') ?? undefined,
      set: (_target, name, value) => Boolean(kept.set(name, JSON.stringify(value))),
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
      const handle = start(req, { returnTo: '/' });
      expect(finish(req, handle)).to.deep.equal([null, verifier, { returnTo: '/' }]);
      expectUnknown(finish(req, handle));
    });

    it('leaves alone what else is under its key, as passport-oauth2 does', () => {
      req.session[key] = { own: 1 };
      finish(req, start(req));
      expect(req.session[key]).to.deep.equal({ own: 1 });
    });

    it('is that of the sign-in that was started last', () => {
      const [first, second] = [start(req), start(req)];
      expectUnknown(finish(req, first));
      expect(finish(req, second)[1]).to.equal(verifier);
    });

    it("is not used up by a stranger's callback", () => {
      const handle = start(req);
      for (const other of ['another', '', undefined]) expectUnknown(finish(req, other));
      expect(finish(req, handle)[1]).to.equal(verifier);
    });
  });
}

describe('SessionStateStore', () => {
  const clock = useClock();

  it('knows no sign-in for another client, callback URL or server, and does not use it up', () => {
    const req = { session: {} };
    const handle = start(req);
    for (const name of ['clientID', 'callbackURL', 'authorizationURL'])
      expectUnknown(finish(req, handle, { changed: { [name]: 'https://another.example/' } }));
    expect(finish(req, handle)[1]).to.equal(verifier);
  });

  it('knows a sign-in without a verifier only where PKCE is off', () => {
    const req = { session: {} };
    const handle = start(req, undefined, null);
    expectUnknown(finish(req, handle));
    const [, ok] = finish(req, handle, { from: new SessionStateStore(key, false) });
    expect(ok).to.equal(true);
  });

  it('knows a sign-in for ten minutes', () => {
    const [late, early] = [{ session: {} }, { session: {} }];
    const [lateHandle, earlyHandle] = [start(late), start(early)];
    clock.advance(600_000 - 1);
    expect(finish(early, earlyHandle)[1]).to.equal(verifier);
    clock.advance(1);
    expectUnknown(finish(late, lateHandle), 'expired_state');
  });

  it('leaves nothing behind in the session, and the rest of it alone', () => {
    const session = { cart: 7 };
    finish({ session }, start({ session }));
    expect(session).to.deep.equal({ cart: 7 });
  });

  it('knows nothing in what is not its own, and starts a sign-in in its place', () => {
    for (const kept of [undefined, null, 'a', {}, { state: null }, { state: 'a' }, { state: { handle: '' } }]) {
      const req = { session: { [key]: kept } };
      for (const handle of [undefined, '', 'a']) expectUnknown(finish(req, handle));
      expect(finish(req, start(req))[1]).to.equal(verifier);
    }
  });

  it('says that a session is missing', () => {
    for (const req of [{}, { session: null }]) {
      for (const [error] of [tryStart(req), finish(req, 'a handle')])
        expect(error?.message).to.include('session support');
    }
  });
});
