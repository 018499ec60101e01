import { type Clock, install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { CookieStateStore } from '../src/cookie-state-store';
import { clearLoginCookie, nameLoginCookie, setLoginCookie } from '../src/login-cookies';
import { type CookieJar, createRequest, keepCookies, listSetCookies } from './support/strategy-run';

const store = new CookieStateStore({ secret: 'a secret' });
const callbackURL = 'https://app.example/cb';
const meta = { authorizationURL: '', tokenURL: '', clientID: 'a-client', callbackURL };

/** Starts a login in the browser of `jar`; returns the name of its cookie. */
function start(jar: CookieJar, state?: unknown): { name: string; cleared: number } {
  const req = createRequest({ cookies: jar });
  store.store(req, 'v'.repeat(43), state, meta, (error) => {
    if (error) throw error;
  });
  keepCookies(jar, req);
  return { name: [...jar.keys()].at(-1) ?? '', cleared: listSetCookies(req).length - 1 };
}

const sizeOf = (jar: CookieJar) =>
  [...jar].reduce((sum, [name, value]) => sum + `${name}=${value}; `.length, 'Cookie: '.length);
const handle = 'A'.repeat(22);

describe('a login cookie', () => {
  const attributesOf = (url: string): string => {
    const req = createRequest();
    store.store(req, 'v', undefined, { ...meta, callbackURL: url }, () => {});
    return listSetCookies(req)[0] ?? '';
  };

  it('is HttpOnly, Lax, Secure and bound to the host on https', () => {
    expect(attributesOf(callbackURL)).to.match(
      /^__Host-metafy-login-[\w-]{22}=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('is HttpOnly and Lax on http', () => {
    expect(attributesOf('http://localhost:3000/cb')).to.match(
      /^metafy-login-[\w-]{22}=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is cleared with the attributes it was set with', () => {
    const req = createRequest();
    clearLoginCookie(req, `__Host-metafy-login-${handle}`);
    expect(listSetCookies(req)).to.deep.equal([
      `__Host-metafy-login-${handle}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
  });

  it("leaves the application's own cookies on the response", () => {
    const req = createRequest();
    req.res?.setHeader('Set-Cookie', 'own=1');
    clearLoginCookie(req, `metafy-login-${handle}`);
    expect(listSetCookies(req)).to.have.lengthOf(2).and.include('own=1');
  });

  it('is set on the response of Koa’s context, where `res` is the stand-in of koa-passport', () => {
    const { res } = createRequest();
    const req = createRequest({ extra: { res: { setHeader() {} }, ctx: { res } } });
    clearLoginCookie(req, `metafy-login-${handle}`);
    expect(res?.getHeader('set-cookie')).to.match(/^metafy-login-/);
  });
});

describe('nameLoginCookie', () => {
  const local = 'http://localhost:3000/cb';

  it('has the prefix `__Host-` where the callback URL is https, in any spelling', () => {
    for (const url of [callbackURL, 'HTTPS://app.example/cb'])
      expect(nameLoginCookie(createRequest(), url, handle)).to.equal(`__Host-metafy-login-${handle}`);
  });

  it('has the prefix where Express says that the request is secure', () => {
    expect(nameLoginCookie(createRequest({ isSecure: true }), local, handle)).to.match(/^__Host-/);
  });

  it('has the prefix on a TLS connection', () => {
    const req = createRequest();
    Object.assign(req.socket, { encrypted: true });
    expect(nameLoginCookie(req, local, handle)).to.match(/^__Host-/);
  });

  it('has no prefix on http', () => {
    expect(nameLoginCookie(createRequest(), local, handle)).to.equal(`metafy-login-${handle}`);
  });

  for (const bad of [undefined, null, 42, '', 'short', 'A'.repeat(23), `${'A'.repeat(21)};`, [handle]]) {
    it(`is nothing for ${JSON.stringify(bad) ?? 'undefined'}`, () => {
      expect(nameLoginCookie(createRequest(), callbackURL, bad)).to.equal(undefined);
    });
  }

  it('does not let a cookie of plain http stand for one of https', () => {
    const req = createRequest();
    let state = '';
    store.store(req, 'v', undefined, meta, (_error, stored = '') => {
      state = stored;
    });
    const planted = new Map([...keepCookies(new Map(), req)].map(([name, value]) => [name.slice(7), value]));
    let ok: unknown;
    store.verify(createRequest({ cookies: planted }), state, meta, (_error, verified) => {
      ok = verified;
    });
    expect([...planted.keys()][0]).to.match(/^metafy-login-/);
    expect(ok).to.equal(false);
  });
});

describe('many pending logins in one browser', () => {
  let clock: Clock;
  beforeEach(() => {
    clock = install({ toFake: ['Date'], now: 1_800_000_000_000 });
  });
  afterEach(() => clock.uninstall());

  const startMany = (jar: CookieJar, count: number, state?: unknown) =>
    Array.from({ length: count }, () => {
      clock.tick(1000);
      return start(jar, state).name;
    });

  it('are five', () => {
    const jar: CookieJar = new Map();
    const names = startMany(jar, 5);
    expect([...jar.keys()]).to.have.members(names);
  });

  it("are five, also behind the application's own cookies", () => {
    const jar: CookieJar = new Map([['sid', '1']]);
    startMany(jar, 8);
    expect(jar.size).to.equal(1 + 5);
  });

  it('drop the oldest for a sixth', () => {
    const jar: CookieJar = new Map();
    const [, ...newest] = startMany(jar, 6);
    expect([...jar.keys()]).to.have.members(newest);
  });

  it('stay below 8 KiB when fifty are started', () => {
    for (const state of [undefined, 'a'.repeat(400), 'a'.repeat(2000)]) {
      const jar: CookieJar = new Map();
      startMany(jar, 50, state);
      expect(sizeOf(jar)).to.be.lessThan(8 * 1024 - 2048);
    }
  });

  it('are as many as have room when their states are large', () => {
    const jar: CookieJar = new Map();
    const names = startMany(jar, 3, 'a'.repeat(1500));
    expect([...jar.keys()]).to.deep.equal(names.slice(1));
  });

  it('are dropped when they are too old', () => {
    const jar: CookieJar = new Map();
    startMany(jar, 3);
    clock.tick(600_000);
    const { name } = start(jar);
    expect([...jar.keys()]).to.deep.equal([name]);
  });

  it('leave other cookies alone', () => {
    const others = ['sid', '__Host-metafy-login-', `__Host-metafy-login-${handle}x`, `metafy-login-${handle}`];
    const jar: CookieJar = new Map(others.map((name) => [name, 'a']));
    startMany(jar, 10);
    expect([...jar.keys()]).to.include.members(others);
  });

  it('make room among rubbish under their names, twenty at a time', () => {
    const plant = (at: number): [string, string] => [`__Host-metafy-login-${`${at}`.padStart(22, 'x')}`, 'a'];
    const jar: CookieJar = new Map(Array.from({ length: 45 }, (_, at) => plant(at)));
    expect(start(jar).cleared).to.equal(20);
    startMany(jar, 2);
    expect([...jar.values()]).not.to.include('a');
  });

  it('never drop the one that is started, however far in the future rubbish says it expires', () => {
    const plant = (at: number): [string, string] => [
      `__Host-metafy-login-${`${at}`.padStart(22, 'x')}`,
      'zzzzzzzzzz.a',
    ];
    const jar: CookieJar = new Map(Array.from({ length: 8 }, (_, at) => plant(at)));
    const { name } = start(jar);
    expect(jar.has(name)).to.equal(true);
    expect(jar.size).to.equal(5);
  });
});

describe('setLoginCookie', () => {
  it('keeps what the browser has when the cookie is too large', () => {
    const req = createRequest();
    expect(() => setLoginCookie(req, `metafy-login-${handle}`, 'a'.repeat(4000), 1000)).to.throw(TypeError);
    expect(listSetCookies(req)).to.deep.equal([]);
  });

  it('rounds the time up to whole seconds', () => {
    const req = createRequest();
    setLoginCookie(req, `metafy-login-${handle}`, 'a', 1001);
    expect(listSetCookies(req)[0]).to.include('Max-Age=2;');
  });
});
