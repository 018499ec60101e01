import { type Clock, install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { CookieStateStore } from '../src/cookie-state-store';
import type { StateMetadata } from '../src/state-store';
import { type CookieJar, createRequest, keepCookies, listSetCookies } from './support/strategy-run';

const secret = 'a secret of the tests';
const meta: StateMetadata = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  tokenURL: 'https://metafy.gg/irk/oauth/token',
  clientID: 'a-client',
  callbackURL: 'https://app.example/cb',
};

interface Finished {
  error: Error | null;
  ok: unknown;
  state: unknown;
  /** Whether the browser was told to forget the login. */
  isCleared: boolean;
}

const store = new CookieStateStore({ secret });

function start(state?: unknown, { verifier = 'a-verifier' as string | undefined, from = store } = {}) {
  const req = createRequest();
  let handle = '';
  from.store(req, verifier, state, meta, (error, stored = '') => {
    if (error) throw error;
    handle = stored;
  });
  const cookies: CookieJar = keepCookies(new Map(), req);
  const [[name = '', value = ''] = []] = cookies;
  return { handle, cookies, name, value };
}

function finish(
  cookies: CookieJar,
  handle: string | undefined,
  { from = store, changed = {} } = {},
): Finished {
  const req = createRequest({ cookies });
  let finished: Finished | undefined;
  from.verify(req, handle, { ...meta, ...changed }, (error, ok, state) => {
    finished = { error, ok, state, isCleared: listSetCookies(req).length > 0 };
  });
  return finished as unknown as Finished;
}

function expectUnknown(finished: Finished): void {
  expect(finished).to.include({ error: null, ok: false, isCleared: false });
  expect(finished.state).to.have.property('message').that.includes('not started in this browser');
}

describe('CookieStateStore', () => {
  it('gives back the verifier and the state, and clears the cookie', () => {
    const { cookies, handle, name } = start({ returnTo: '/' });
    expect(finish(cookies, handle)).to.deep.equal({
      error: null,
      ok: 'a-verifier',
      state: { returnTo: '/' },
      isCleared: true,
    });
    const req = createRequest({ cookies });
    store.verify(req, handle, meta, () => {});
    expect(keepCookies(new Map(cookies), req).has(name)).to.equal(false);
  });

  for (const state of [{ a: [1, 'ü ✓'] }, 'a string', 42, ['a'], { nested: { deep: null } }]) {
    it(`gives back the state ${JSON.stringify(state)}`, () => {
      const { cookies, handle } = start(state);
      expect(finish(cookies, handle).state).to.deep.equal(state);
    });
  }

  it('gives back no state where there was none', () => {
    for (const state of [undefined, null]) {
      const { cookies, handle } = start(state);
      expect(finish(cookies, handle).state).to.equal(undefined);
    }
  });

  it('is true where there was no verifier', () => {
    const req = createRequest();
    let handle = '';
    store.store(req, undefined, undefined, meta, (_error, stored = '') => {
      handle = stored;
    });
    expect(finish(keepCookies(new Map(), req), handle).ok).to.equal(true);
  });

  it('hands out another handle each time, of 128 bits', () => {
    const handles = new Set(Array.from({ length: 50 }, () => start().handle));
    expect(handles.size).to.equal(50);
    for (const handle of handles) expect(Buffer.from(handle, 'base64url')).to.have.lengthOf(16);
  });

  it('shows neither verifier nor state in the cookie', () => {
    const { value } = start({ secret: 'canary' });
    const bytes = value.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(value + bytes.join(''))
      .not.to.include('canary')
      .and.not.include('verifier');
  });

  describe('knows no login', () => {
    it('without a state parameter', () => {
      expectUnknown(finish(start().cookies, undefined));
    });

    it('without the cookie', () => {
      expectUnknown(finish(new Map(), start().handle));
    });

    for (const handle of ['', 'a', 'a'.repeat(22), 'a'.repeat(23), '__proto__', 'é'.repeat(22)]) {
      it(`with the state ${handle || 'that is empty'}`, () => {
        expectUnknown(finish(start().cookies, handle));
      });
    }

    it("with another login's state", () => {
      expectUnknown(finish(start().cookies, start().handle));
    });

    it("with another login's cookie under the name of this one", () => {
      const { name, handle } = start();
      expectUnknown(finish(new Map([[name, start().value]]), handle));
    });

    it('of another client', () => {
      const { cookies, handle } = start();
      expectUnknown(finish(cookies, handle, { changed: { clientID: 'another' } }));
    });

    it('of another callback URL', () => {
      const { cookies, handle } = start();
      expectUnknown(finish(cookies, handle, { changed: { callbackURL: 'https://app.example/other' } }));
    });

    it('of another server', () => {
      const { cookies, handle } = start();
      expectUnknown(finish(cookies, handle, { changed: { authorizationURL: 'https://another.example/' } }));
    });

    it('of another secret', () => {
      const { cookies, handle } = start();
      expectUnknown(finish(cookies, handle, { from: new CookieStateStore({ secret: 'another' }) }));
    });

    it('with any byte of the value changed', () => {
      const { name, value, handle } = start({ returnTo: '/' });
      for (let at = 0; at < value.length; at++) {
        for (const char of ['A', '0', '.', '-', '%'].filter((other) => other !== value[at])) {
          const changed = value.slice(0, at) + char + value.slice(at + 1);
          expectUnknown(finish(new Map([[name, changed]]), handle));
        }
      }
    });

    it('with any byte of the name changed', () => {
      const { name, value, handle } = start();
      for (let at = 0; at < name.length; at++) {
        const changed = name.slice(0, at) + (name[at] === 'A' ? 'B' : 'A') + name.slice(at + 1);
        expectUnknown(finish(new Map([[changed, value]]), handle));
      }
    });

    it('with any byte of the value missing', () => {
      const { name, value, handle } = start();
      for (let at = 0; at < value.length; at++)
        expectUnknown(finish(new Map([[name, value.slice(0, at) + value.slice(at + 1)]]), handle));
    });

    it('with something put behind the value', () => {
      const { name, value, handle } = start();
      for (const more of ['.', '.a', '=', '&'])
        expectUnknown(finish(new Map([[name, value + more]]), handle));
    });

    for (const rubbish of ['', '.', 'rubbish', 'zzzz.', '.AAAA', '%', 'a.b.c', `1.${'A'.repeat(8000)}`]) {
      it(`with rubbish in the cookie: ${rubbish.slice(0, 20) || 'nothing'}`, () => {
        const { name, handle } = start();
        expectUnknown(finish(new Map([[name, rubbish]]), handle));
      });
    }
  });

  it('does not use a login up with a wrong attempt', () => {
    const { cookies, handle } = start();
    expectUnknown(finish(cookies, 'a'.repeat(22)));
    expect(finish(cookies, handle).ok).to.equal('a-verifier');
  });

  describe('as time goes by', () => {
    let clock: Clock;
    beforeEach(() => {
      clock = install({ toFake: ['Date'], now: 1_800_000_000_000 });
    });
    afterEach(() => clock.uninstall());

    it('knows a login for ten minutes', () => {
      const { cookies, handle } = start();
      clock.tick(600_000 - 1);
      expect(finish(cookies, handle).ok).to.equal('a-verifier');
    });

    it('says after ten minutes that it took too long, and uses nothing up', () => {
      const { cookies, handle } = start();
      clock.tick(601_000);
      const finished = finish(cookies, handle);
      expect(finished).to.include({ error: null, ok: false, isCleared: false });
      expect(finished.state).to.have.property('message').that.includes('took too long');
    });

    it('takes another time to wait', () => {
      const from = new CookieStateStore({ secret, maxAgeMs: 1000 });
      const { cookies, handle } = start(undefined, { from });
      clock.tick(1000);
      expect(finish(cookies, handle, { from }).ok).to.equal(false);
    });
  });

  it('opens what an older secret sealed', () => {
    const { cookies, handle } = start();
    const from = new CookieStateStore({ secret: ['new', secret] });
    expect(finish(cookies, handle, { from }).ok).to.equal('a-verifier');
  });

  it('seals with the newest secret', () => {
    const { cookies, handle } = start(undefined, { from: new CookieStateStore({ secret: ['new', secret] }) });
    expectUnknown(finish(cookies, handle));
    expect(finish(cookies, handle, { from: new CookieStateStore({ secret: 'new' }) }).ok).to.equal(
      'a-verifier',
    );
  });
});
