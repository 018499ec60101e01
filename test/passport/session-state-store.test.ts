import { expect } from 'chai';
import { type SessionRequest, SessionStateStore } from '../src/session-state-store';

const meta = {
  authorizationURL: '',
  tokenURL: '',
  clientID: 'a-client',
  callbackURL: 'https://app.example/cb',
};
const store = new SessionStateStore('the key');

function start(req: SessionRequest, state?: unknown): { error: Error | null; handle: string } {
  let result = { error: null as Error | null, handle: '' };
  store.store(req, 'a verifier', state, meta, (error, handle = '') => {
    result = { error, handle };
  });
  return result;
}

function finish(req: SessionRequest, handle: string | undefined): unknown[] {
  let result: unknown[] = [];
  store.verify(req, handle, (...values) => {
    result = values;
  });
  return result;
}

/** A session that keeps what is assigned to it, as a copy, and has no idea of `delete`. */
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
    it('comes back with the verifier, once', () => {
      const req = { session: createSession() };
      const { handle } = start(req, { returnTo: '/' });
      expect(finish(req, handle)).to.deep.equal([null, 'a verifier', { returnTo: '/' }]);
      expect(finish(req, handle).slice(0, 2)).to.deep.equal([null, false]);
    });

    it('leaves alone what else is under its key, as passport-oauth2 does', () => {
      const req = { session: createSession() };
      Object.assign(req.session, { 'the key': { own: 1 } });
      const { handle } = start(req, undefined);
      finish(req, handle);
      expect((req.session as Record<string, unknown>)['the key']).to.deep.equal({ own: 1 });
    });

    it('is that of the login that was started last', () => {
      const req = { session: createSession() };
      const { handle: first } = start(req);
      const { handle: second } = start(req);
      expect(finish(req, first)[1]).to.equal(false);
      expect(finish(req, second)[1]).to.equal('a verifier');
    });

    it('is not used up by a state of somebody else, or none', () => {
      const req = { session: createSession() };
      const { handle } = start(req);
      for (const other of ['another', '', undefined]) expect(finish(req, other)[1]).to.equal(false);
      expect(finish(req, handle)[1]).to.equal('a verifier');
    });
  });
}

describe('SessionStateStore', () => {
  it('is `true` where there is no verifier', () => {
    const req = { session: {} };
    let handle: string | undefined;
    store.store(req, undefined, undefined, meta, (_error, given) => {
      handle = given;
    });
    expect(finish(req, handle)[1]).to.equal(true);
  });

  it('leaves nothing behind in the session, and the rest of it alone', () => {
    const session = { cart: 7 };
    const { handle } = start({ session });
    finish({ session }, handle);
    expect(session).to.deep.equal({ cart: 7 });
  });

  it('refuses a state that is not there, however empty', () => {
    for (const kept of [undefined, {}, { state: {} }, { state: { handle: '' } }]) {
      for (const handle of [undefined, ''])
        expect(finish({ session: { 'the key': kept } }, handle)[1]).to.equal(false);
    }
  });

  it('says that a session is missing', () => {
    for (const req of [{}, { session: null }]) {
      expect(start(req).error?.message).to.include('requires session support');
      expect(finish(req, 'a handle')[0])
        .to.have.property('message')
        .that.includes('requires session support');
    }
  });
});
