import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { createCodeChallenge } from '../../src/authorization/request';
import { frontEnds, type SignIn, type SignInOptions } from '../support/front-ends';
import { answerLogin, documentedProfile, useNock } from '../support/nock-metafy';
import { type CookieJar, createRequest, expectOutcome, keepCookies, listSetCookies } from '../support/strategy-run';

const secret = 'a secret of the tests, 32 characters long';
const options = { clientID: 'a-client', clientSecret: secret, callbackURL: 'https://app.example/cb' };
const clearLine = (name: string) =>
  `${name}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax; Expires=Thu, 01 Jan 1970 00:00:00 GMT`;

for (const frontEnd of frontEnds) {
  const create = (changed: Partial<SignInOptions> = {}) => frontEnd.create({ ...options, ...changed });
  const signIn = create();

  /** Starts a sign-in in the browser of `jar`. */
  async function start(
    jar: CookieJar = new Map(),
    { state = undefined as unknown, from = signIn, isSecure = true } = {},
  ) {
    const req = createRequest({ url: '/auth', cookies: jar, isSecure });
    const { url } = await expectOutcome('redirect', from.start(req, { state: state as object }));
    keepCookies(jar, req);
    const lines = listSetCookies(req);
    const [name = '', value = ''] = [...jar].at(-1) ?? [];
    const { state: handle = '', code_challenge: challenge } = Object.fromEntries(url.searchParams);
    return { jar, handle, challenge, name, value, line: lines.at(-1), cleared: lines.slice(0, -1), req };
  }

  function finish(jar: CookieJar, handle: string | undefined, from = signIn) {
    const state = handle === undefined ? '' : `&state=${encodeURIComponent(handle)}`;
    const req = createRequest({ url: `/cb?code=a-code${state}`, cookies: jar, isSecure: true });
    return { req, outcome: from.finish(req) };
  }

  async function expectFinished({ jar, handle, challenge }: Awaited<ReturnType<typeof start>>, from = signIn) {
    const sent = answerLogin();
    const { req, outcome } = finish(jar, handle, from);
    const { user, info } = await expectOutcome('success', outcome);
    expect(user).to.include({ id: documentedProfile.user.id });
    expect(createCodeChallenge((await sent).code_verifier as string)).to.equal(challenge);
    return { req, state: (info as { state?: unknown }).state };
  }

  /** Nothing is asked of Metafy and nothing set: nock would report the one, and the other is checked here. */
  async function expectUnknown(jar: CookieJar, handle: string | undefined, from?: SignIn, code = 'unknown_state') {
    const { req, outcome } = finish(jar, handle, from);
    const { status, challenge } = await expectOutcome('fail', outcome);
    expect(status).to.equal(403);
    expect(challenge).to.include({ code }).with.property('message').that.includes('sign in again');
    expect(listSetCookies(req)).to.deep.equal([]);
    expect(req.res?.getHeader('Cache-Control')).to.equal('no-store');
  }

  describe(`a pending sign-in of ${frontEnd.name}`, () => {
    useNock();

    it("comes back with its verifier and the application's state", async () => {
      for (const state of [{ returnTo: '/', a: [1, 'ü ✓'] }, 'a string', 42, ['a'], { nested: { deep: null } }])
        expect((await expectFinished(await start(new Map(), { state }))).state).to.deep.equal(state);
      for (const state of [undefined, null])
        expect((await expectFinished(await start(new Map(), { state }))).state).to.equal(undefined);
    });

    it('ends with its cookie, and keeps both answers out of caches', async () => {
      const started = await start();
      const { req } = await expectFinished(started);
      expect(listSetCookies(req)).to.deep.equal([clearLine(started.name)]);
      for (const { res } of [started.req, req]) expect(res?.getHeader('Cache-Control')).to.equal('no-store');
    });

    it('has another handle of 128 bits each time', async () => {
      const handles = await Promise.all(Array.from({ length: 50 }, async () => (await start()).handle));
      expect(new Set(handles).size).to.equal(50);
      for (const handle of handles) expect(Buffer.from(handle, 'base64url')).to.have.lengthOf(16);
    });

    it('shows no state in the cookie', async () => {
      const { value } = await start(new Map(), { state: 'canary' });
      expect(value + Buffer.from(value, 'base64url').toString('latin1')).not.to.include('canary');
    });

    it('is unknown for any other handle, and not used up', async () => {
      const started = await start();
      const { handle } = await start();
      const others = ['', 'a', 'a'.repeat(22), 'a'.repeat(23), '__proto__', 'é'.repeat(22)];
      for (const other of [undefined, handle, ...others]) await expectUnknown(started.jar, other);
      await expectFinished(started);
    });

    for (const [what, changed] of Object.entries({
      client: { clientID: 'another' },
      'callback URL': { callbackURL: 'https://app.example/other' },
      server: { baseURL: 'https://another.example/' },
      secret: { clientSecret: 'another' },
    })) {
      it(`is unknown for another ${what}`, async () => {
        const { jar, handle } = await start();
        await expectUnknown(jar, handle, create(changed));
      });
    }

    it('is unknown with any character of its name or value changed or missing', async () => {
      const { name, value, handle } = await start(new Map(), { state: { returnTo: '/' } });
      for (let at = 0; at < value.length; at++) {
        const [before, after] = [value.slice(0, at), value.slice(at + 1)];
        for (const other of ['', 'A', '0', '.', '-', '%'].filter((char) => char !== value[at]))
          await expectUnknown(new Map([[name, before + other + after]]), handle);
      }
      for (let at = 0; at < name.length; at++) {
        const changed = name.slice(0, at) + (name[at] === 'A' ? 'B' : 'A') + name.slice(at + 1);
        await expectUnknown(new Map([[changed, value]]), handle);
      }
    });

    it('is unknown with another value in its place: longer, of another sign-in, or rubbish', async () => {
      const { name, value, handle } = await start();
      const rubbish = ['', '.', 'rubbish', 'zzzz.', '%', 'a.b.c', 'A'.repeat(8000), (await start()).value];
      for (const planted of [...['.', 'A', '=', '&'].map((more) => value + more), ...rubbish])
        await expectUnknown(new Map([[name, planted]]), handle);
    });

    it('is unknown without its cookie, and on https with that of plain http', async () => {
      const { name, value, handle } = await start();
      await expectUnknown(new Map(), handle);
      await expectUnknown(new Map([[name.replace('__Host-', ''), value]]), handle);
    });

    for (const [title, lifetimeMs, configured] of [
      ['ten minutes', 600_000, {}],
      ['`maxAgeMs`', 1000, { secret, maxAgeMs: 1000 }],
    ] as const) {
      it(`is open for ${title}`, async () => {
        const clock = install({ toFake: ['Date'], now: 1_800_000_000_000 });
        try {
          const from = create(configured);
          const started = await start(new Map(), { from });
          clock.tick(lifetimeMs - 1);
          await expectFinished(started, from);
          clock.tick(1);
          await expectUnknown(started.jar, started.handle, from, 'expired_state');
        } finally {
          clock.uninstall();
        }
      });
    }

    it('opens under every secret, and is sealed with the first', async () => {
      const newSecret = 'a newer secret of 32 characters or more';
      const [older, both, newer] = [[secret], [newSecret, secret], [newSecret]].map((secrets) =>
        create({ secret: secrets }),
      );
      await expectFinished(await start(new Map(), { from: older }), both);
      const started = await start(new Map(), { from: both });
      await expectUnknown(started.jar, started.handle, older);
      await expectFinished(started, newer);
    });
  });

  describe(`a login cookie of ${frontEnd.name}`, () => {
    useNock();
    // Its query is none of the URL's protocol.
    const local = create({ callbackURL: 'http://localhost:3000/cb?next=https://app.example' });
    const upperCase = create({ callbackURL: 'HTTPS://app.example/cb' });

    it('is HttpOnly, Lax, Secure and bound to the host, on https or for a callback URL on https', async () => {
      const encrypted = createRequest();
      Object.assign(encrypted.socket, { encrypted: true });
      await expectOutcome('redirect', local.start(encrypted));
      for (const line of [
        (await start(new Map(), { from: local })).line,
        (await start(new Map(), { from: upperCase, isSecure: false })).line,
        listSetCookies(encrypted)[0],
      ])
        expect(line).to.match(
          /^__Host-metafy-login-[\w-]{22}=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        );
    });

    it('is HttpOnly and Lax on http', async () => {
      const { line } = await start(new Map(), { from: local, isSecure: false });
      expect(line).to.match(/^metafy-login-[\w-]{22}=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    });

    it('lives for whole seconds, rounded up', async () => {
      const from = create({ secret, maxAgeMs: 1001 });
      expect((await start(new Map(), { from })).line).to.include('; Max-Age=2;');
    });

    it('holds a state of 2 kB; one that is larger, or no JSON, is a TypeError', async () => {
      await start(new Map(), { state: 'a'.repeat(2048) });
      const circular: Record<string, unknown> = {};
      circular.self = circular;
      for (const [state, about] of [['a'.repeat(4000), '`state` smaller'], [circular], [1n as never]] as const) {
        const { error } = await expectOutcome('error', signIn.start(createRequest(), { state }));
        expect(error)
          .to.be.instanceOf(TypeError)
          .with.property('message')
          .that.includes(about ?? '');
      }
    });

    it('is not sealed with wrong options: a TypeError names the one at fault', () => {
      for (const wrong of [undefined, 'a'.repeat(31), ['a'.repeat(32), 'a'.repeat(31)]])
        expect(() => create({ secret: wrong as never })).to.throw(TypeError, '`secret`');
      expect(() => create({ secret, maxAgeMs: 0 })).to.throw(TypeError, '`maxAgeMs`');
    });
  });

  describe(`many pending sign-ins of ${frontEnd.name} in one browser`, () => {
    useNock();
    const startMany = async (jar: CookieJar, count: number, state?: unknown) => {
      const names: string[] = [];
      while (names.length < count) names.push((await start(jar, { state })).name);
      return names;
    };

    it('are the newest five: the first ones in the Cookie header are cleared, and nothing else', async () => {
      const jar: CookieJar = new Map([['sid', '1']]);
      const names = await startMany(jar, 7);
      expect([...jar.keys()]).to.deep.equal(['sid', ...names.slice(2)]);
      const reversed: CookieJar = new Map([...jar].reverse());
      expect((await start(reversed)).cleared).to.deep.equal([clearLine(names.at(-1) as string)]);
    });

    it('are as many as fit when their states are large', async () => {
      const jar: CookieJar = new Map();
      const names = await startMany(jar, 3, 'a'.repeat(1500));
      expect([...jar.keys()]).to.deep.equal(names.slice(1));
    });

    it('leave other cookies alone', async () => {
      const handle = 'A'.repeat(22);
      const others = ['sid', '__Host-metafy-login-', `__Host-metafy-login-${handle}x`, `metafy-login-${handle}`];
      const jar: CookieJar = new Map(others.map((name) => [name, 'a']));
      await startMany(jar, 10);
      expect([...jar.keys()]).to.include.members(others);
    });

    it('clear what is unreadable under their names, twenty at a time', async () => {
      const names = Array.from({ length: 45 }, (_, at) => `__Host-metafy-login-${`${at}`.padStart(22, 'x')}`);
      const jar: CookieJar = new Map(names.map((name) => [name, 'a']));
      const { name, cleared } = await start(jar);
      expect(cleared).to.deep.equal(names.slice(0, 20).map(clearLine));
      const own = [name, ...(await startMany(jar, 2))];
      expect([...jar.keys()]).to.deep.equal([...names.slice(-2), ...own]);
    });
  });
}
