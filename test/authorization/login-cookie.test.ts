import { type Clock, install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { type CookieRequest, LoginCookies, type PendingSignIn } from '../../src/authorization/login-cookie';
import { MetafySignInError } from '../../src/errors';

const secret = 'a secret of the tests, 32 characters long';
const context = {
  authorizationURL: 'https://metafy.gg/auth/authorize',
  clientID: 'a-client',
  callbackURL: 'https://app.example/cb',
};
const codeVerifier = 'v'.repeat(43);
const cookies = new LoginCookies([secret], 600_000);

/** Name to value, in the order that a browser sends them. */
type Jar = Map<string, string>;

function toRequest(jar: Jar, isSecure = true): CookieRequest {
  return { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') || undefined, isSecure };
}

/** Starts a sign-in in the browser of `jar`. */
function start(jar: Jar = new Map(), { state = undefined as unknown, from = cookies, isSecure = true } = {}) {
  const { handle, setCookies } = from.start(toRequest(jar, isSecure), { codeVerifier, state }, context);
  for (const line of setCookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*);/.exec(line) ?? [];
    if (line.includes('; Max-Age=0;')) jar.delete(name);
    else jar.set(name, value);
  }
  const [name = '', value = ''] = [...jar].at(-1) ?? [];
  return { jar, handle, name, value, cleared: setCookies.length - 1 };
}

function finish(jar: Jar, handle: string | undefined, { from = cookies, changed = {}, isSecure = true } = {}) {
  return from.finish(toRequest(jar, isSecure), handle, { ...context, ...changed });
}

function expectUnknown(action: () => PendingSignIn, code = 'unknown_state'): void {
  expect(action).to.throw(MetafySignInError).and.include({ code, status: 403 });
}

describe('a pending sign-in', () => {
  for (const state of [{ returnTo: '/', a: [1, 'ü ✓'] }, 'a string', 42, ['a'], { nested: { deep: null } }]) {
    it(`comes back with its verifier and the state ${JSON.stringify(state)}`, () => {
      const { jar, handle } = start(new Map(), { state });
      expect(finish(jar, handle)).to.deep.include({ codeVerifier, state });
    });
  }

  it('comes back without verifier and state where there was none', () => {
    for (const state of [undefined, null]) {
      const pending = { codeVerifier: undefined, state };
      const { handle, setCookies } = cookies.start(toRequest(new Map()), pending, context);
      const cookie = setCookies[0]?.split(';')[0];
      expect(cookies.finish({ cookie, isSecure: true }, handle, context)).to.deep.include({
        codeVerifier: undefined,
        state: undefined,
      });
    }
  });

  it('has another handle of 128 bits each time', () => {
    const handles = new Set(Array.from({ length: 50 }, () => start().handle));
    expect(handles.size).to.equal(50);
    for (const handle of handles) expect(Buffer.from(handle, 'base64url')).to.have.lengthOf(16);
  });

  it('shows neither verifier nor state in the cookie', () => {
    const { value } = start(new Map(), { state: 'canary' });
    expect(value + Buffer.from(value, 'base64url').toString('latin1'))
      .not.to.include('canary')
      .and.not.include(codeVerifier);
  });

  it('is not used up by a wrong attempt', () => {
    const { jar, handle } = start();
    expectUnknown(() => finish(jar, 'a'.repeat(22)));
    expect(finish(jar, handle)).to.include({ codeVerifier });
  });

  describe('is unknown', () => {
    it('without its cookie', () => {
      expectUnknown(() => finish(new Map(), start().handle));
    });

    for (const handle of [undefined, '', 'a', 'a'.repeat(22), 'a'.repeat(23), '__proto__', 'é'.repeat(22)]) {
      it(`for the handle ${JSON.stringify(handle) ?? 'undefined'}`, () => {
        expectUnknown(() => finish(start().jar, handle));
      });
    }

    it("for another sign-in's handle, and with another's cookie under its name", () => {
      const { jar, name, handle } = start();
      expectUnknown(() => finish(jar, start().handle));
      expectUnknown(() => finish(new Map([[name, start().value]]), handle));
    });

    for (const [what, changed] of Object.entries({
      client: { clientID: 'another' },
      'callback URL': { callbackURL: 'https://app.example/other' },
      server: { authorizationURL: 'https://another.example/' },
    })) {
      it(`for another ${what}`, () => {
        const { jar, handle } = start();
        expectUnknown(() => finish(jar, handle, { changed }));
      });
    }

    it('under another secret', () => {
      const { jar, handle } = start();
      expectUnknown(() => finish(jar, handle, { from: new LoginCookies(['another'], 600_000) }));
    });

    it('with any character of its name or value changed or missing', () => {
      const { name, value, handle } = start(new Map(), { state: { returnTo: '/' } });
      for (let at = 0; at < value.length; at++) {
        const [before, after] = [value.slice(0, at), value.slice(at + 1)];
        for (const other of ['', 'A', '0', '.', '-', '%'].filter((char) => char !== value[at]))
          expectUnknown(() => finish(new Map([[name, before + other + after]]), handle));
      }
      for (let at = 0; at < name.length; at++) {
        const changed = name.slice(0, at) + (name[at] === 'A' ? 'B' : 'A') + name.slice(at + 1);
        expectUnknown(() => finish(new Map([[changed, value]]), handle));
      }
    });

    it('with something behind its value, or rubbish in its place', () => {
      const { name, value, handle } = start();
      const rubbish = ['', '.', 'rubbish', 'zzzz.', '%', 'a.b.c', 'A'.repeat(8000)];
      for (const planted of [...['.', 'A', '=', '&'].map((more) => value + more), ...rubbish])
        expectUnknown(() => finish(new Map([[name, planted]]), handle));
    });

    it('on https with the cookie of plain http', () => {
      const { name, value, handle } = start();
      expectUnknown(() => finish(new Map([[name.replace('__Host-', ''), value]]), handle));
    });
  });

  describe('as time goes by', () => {
    let clock: Clock;
    beforeEach(() => {
      clock = install({ toFake: ['Date'], now: 1_800_000_000_000 });
    });
    afterEach(() => clock.uninstall());

    it('is open until its time is over', () => {
      const { jar, handle } = start();
      clock.tick(600_000 - 1);
      expect(finish(jar, handle)).to.include({ codeVerifier });
      clock.tick(1);
      expectUnknown(() => finish(jar, handle), 'expired_state');
    });
  });

  it('opens under every secret, and is sealed with the first', () => {
    const [older, both, newer] = [[secret], ['newer', secret], ['newer']].map(
      (secrets) => new LoginCookies(secrets, 600_000),
    );
    const { jar, handle } = start();
    expect(finish(jar, handle, { from: both })).to.include({ codeVerifier });
    const { jar: newJar, handle: newHandle } = start(new Map(), { from: both });
    expectUnknown(() => finish(newJar, newHandle, { from: older }));
    expect(finish(newJar, newHandle, { from: newer })).to.include({ codeVerifier });
  });
});

describe('a login cookie', () => {
  const setCookieOf = (isSecure: boolean, callbackURL: string) =>
    cookies.start({ cookie: undefined, isSecure }, { codeVerifier, state: undefined }, { ...context, callbackURL })
      .setCookies[0];
  const local = 'http://localhost:3000/cb';

  it('is HttpOnly, Lax, Secure and bound to the host, on https or for a callback URL on https', () => {
    for (const line of [setCookieOf(true, local), setCookieOf(false, 'HTTPS://app.example/cb')])
      expect(line).to.match(
        /^__Host-metafy-login-[\w-]{22}=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
  });

  it('is HttpOnly and Lax on http', () => {
    expect(setCookieOf(false, local)).to.match(
      /^metafy-login-[\w-]{22}=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is cleared with the attributes it was set with', () => {
    const { jar, handle, name } = start();
    expect(finish(jar, handle).clearCookie).to.equal(`${name}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`);
  });

  it('lives for whole seconds, rounded up', () => {
    const { setCookies } = new LoginCookies([secret], 1001).start(
      toRequest(new Map()),
      { codeVerifier, state: undefined },
      context,
    );
    expect(setCookies[0]).to.include('; Max-Age=2;');
  });

  it('holds a state of 2 kB; a larger one is a TypeError that says so', () => {
    start(new Map(), { state: 'a'.repeat(2048) });
    expect(() => start(new Map(), { state: 'a'.repeat(4000) })).to.throw(TypeError, '`state` smaller');
  });

  it('says why a state is not JSON', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    for (const state of [circular, 1n]) expect(() => start(new Map(), { state })).to.throw(TypeError);
  });
});

describe('many pending sign-ins in one browser', () => {
  const startMany = (jar: Jar, count: number, state?: unknown) =>
    Array.from({ length: count }, () => start(jar, { state }).name);
  const plant = (count: number): Jar =>
    new Map(Array.from({ length: count }, (_, at) => [`__Host-metafy-login-${`${at}`.padStart(22, 'x')}`, 'a']));

  it('are the newest five', () => {
    const jar: Jar = new Map([['sid', '1']]);
    const names = startMany(jar, 8);
    expect([...jar.keys()]).to.deep.equal(['sid', ...names.slice(-5)]);
  });

  it('are as many as have room when their states are large', () => {
    const jar: Jar = new Map();
    const names = startMany(jar, 3, 'a'.repeat(1500));
    expect([...jar.keys()]).to.deep.equal(names.slice(1));
  });

  it('leave 2 kB of a header of 8 KiB to others when fifty are started', () => {
    for (const state of [undefined, 'a'.repeat(400), 'a'.repeat(2000)]) {
      const jar: Jar = new Map();
      startMany(jar, 50, state);
      expect(`Cookie: ${toRequest(jar).cookie}`)
        .to.have.property('length')
        .that.is.below(8 * 1024 - 2048);
    }
  });

  it('leave other cookies alone', () => {
    const handle = 'A'.repeat(22);
    const others = ['sid', '__Host-metafy-login-', `__Host-metafy-login-${handle}x`, `metafy-login-${handle}`];
    const jar: Jar = new Map(others.map((name) => [name, 'a']));
    startMany(jar, 10);
    expect([...jar.keys()]).to.include.members(others);
  });

  it('make room among rubbish under their names, twenty at a time', () => {
    const jar = plant(45);
    const { name, cleared } = start(jar);
    expect(cleared).to.equal(20);
    const names = [name, ...startMany(jar, 2)];
    expect([...jar.keys()].slice(-3)).to.deep.equal(names);
    expect(jar.size).to.equal(5);
  });
});
