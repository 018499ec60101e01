import { install } from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { createCodeChallenge } from '../../src/authorization/request';
import { frontEnds } from '../support/front-ends';
import { answerLogin, documentedProfile, useNock } from '../support/nock-metafy';
import { type CookieJar, createRequest, expectOutcome, keepCookies, listSetCookies } from '../support/strategy-run';

const secret = 'a secret of the tests, 32 characters long';
const options = { clientID: 'a-client', clientSecret: secret, callbackURL: 'https://app.example/cb' };
/** Where https is the request's, and not the callback URL's. */
const onLocalhost = { ...options, callbackURL: 'http://localhost:3000/cb' };

for (const frontEnd of frontEnds) {
  const signIn = frontEnd.create(options);

  /** Starts a sign-in in the browser of `jar`. */
  async function start(
    jar: CookieJar = new Map(),
    { state = undefined as unknown, from = signIn, isSecure = true, isEncrypted = false } = {},
  ) {
    const req = createRequest({ url: '/auth', cookies: jar, isSecure });
    if (isEncrypted) Object.assign(req.socket, { encrypted: true });
    const { url } = await expectOutcome('redirect', from.start(req, { state: state as object }));
    keepCookies(jar, req);
    const lines = listSetCookies(req);
    const [name = '', value = ''] = [...jar].at(-1) ?? [];
    const { state: handle = '', code_challenge: challenge } = Object.fromEntries(url.searchParams);
    return { jar, handle, challenge, name, value, line: lines.at(-1), cleared: lines.length - 1, req };
  }

  function finish(jar: CookieJar, handle: string | undefined, { from = signIn, isSecure = true } = {}) {
    const state = handle === undefined ? '' : `&state=${encodeURIComponent(handle)}`;
    const req = createRequest({ url: `/cb?code=a-code${state}`, cookies: jar, isSecure });
    return { req, outcome: from.finish(req) };
  }

  async function expectFinished(
    { jar, handle, challenge }: Pick<Awaited<ReturnType<typeof start>>, 'jar' | 'handle' | 'challenge'>,
    from = signIn,
  ) {
    const sent = answerLogin();
    const { req, outcome } = finish(jar, handle, { from });
    const { user, info } = await expectOutcome('success', outcome);
    expect(user).to.include({ id: documentedProfile.user.id });
    expect(createCodeChallenge((await sent).code_verifier as string)).to.equal(challenge);
    return { req, state: (info as { state?: unknown }).state };
  }

  /** Nothing is asked of Metafy and nothing set: nock would report the one, and the other is checked here. */
  async function expectUnknown({ req, outcome }: ReturnType<typeof finish>, code = 'unknown_state') {
    const { status, challenge } = await expectOutcome('fail', outcome);
    expect(status).to.equal(403);
    expect(challenge).to.include({ code }).with.property('message').that.includes('sign in again');
    expect(listSetCookies(req)).to.deep.equal([]);
    expect(req.res?.getHeader('Cache-Control')).to.equal('no-store');
  }

  describe(`a pending sign-in of ${frontEnd.name}`, () => {
    useNock();

    for (const state of [{ returnTo: '/', a: [1, 'ü ✓'] }, 'a string', 42, ['a'], { nested: { deep: null } }]) {
      it(`comes back with its verifier and the state ${JSON.stringify(state)}`, async () => {
        expect((await expectFinished(await start(new Map(), { state }))).state).to.deep.equal(state);
      });
    }

    it('comes back without a state where there was none', async () => {
      for (const state of [undefined, null])
        expect((await expectFinished(await start(new Map(), { state }))).state).to.equal(undefined);
    });

    it('ends with its cookie, and keeps both answers out of caches', async () => {
      const started = await start();
      const { req } = await expectFinished(started);
      expect(keepCookies(started.jar, req).size).to.equal(0);
      for (const { res } of [started.req, req]) expect(res?.getHeader('Cache-Control')).to.equal('no-store');
    });

    it('has another handle of 128 bits each time', async () => {
      const handles = new Set<string>();
      for (let count = 0; count < 50; count++) handles.add((await start()).handle);
      expect(handles.size).to.equal(50);
      for (const handle of handles) expect(Buffer.from(handle, 'base64url')).to.have.lengthOf(16);
    });

    it('shows no state in the cookie', async () => {
      const { value } = await start(new Map(), { state: 'canary' });
      expect(value + Buffer.from(value, 'base64url').toString('latin1')).not.to.include('canary');
    });

    it('is not used up by a wrong attempt', async () => {
      const started = await start();
      await expectUnknown(finish(started.jar, 'a'.repeat(22)));
      await expectFinished(started);
    });

    describe('is unknown', () => {
      it('without its cookie', async () => {
        await expectUnknown(finish(new Map(), (await start()).handle));
      });

      for (const handle of [undefined, '', 'a', 'a'.repeat(22), 'a'.repeat(23), '__proto__', 'é'.repeat(22)]) {
        it(`for the handle ${JSON.stringify(handle) ?? 'undefined'}`, async () => {
          await expectUnknown(finish((await start()).jar, handle));
        });
      }

      it("for another sign-in's handle, and with another's cookie under its name", async () => {
        const { jar, name, handle } = await start();
        const other = await start();
        await expectUnknown(finish(jar, other.handle));
        await expectUnknown(finish(new Map([[name, other.value]]), handle));
      });

      for (const [what, changed] of Object.entries({
        client: { clientID: 'another' },
        'callback URL': { callbackURL: 'https://app.example/other' },
        server: { baseURL: 'https://another.example/' },
        secret: { clientSecret: 'another' },
      })) {
        it(`for another ${what}`, async () => {
          const { jar, handle } = await start();
          await expectUnknown(finish(jar, handle, { from: frontEnd.create({ ...options, ...changed }) }));
        });
      }

      it('with any character of its name or value changed or missing', async () => {
        const { name, value, handle } = await start(new Map(), { state: { returnTo: '/' } });
        for (let at = 0; at < value.length; at++) {
          const [before, after] = [value.slice(0, at), value.slice(at + 1)];
          for (const other of ['', 'A', '0', '.', '-', '%'].filter((char) => char !== value[at]))
            await expectUnknown(finish(new Map([[name, before + other + after]]), handle));
        }
        for (let at = 0; at < name.length; at++) {
          const changed = name.slice(0, at) + (name[at] === 'A' ? 'B' : 'A') + name.slice(at + 1);
          await expectUnknown(finish(new Map([[changed, value]]), handle));
        }
      });

      it('with something behind its value, or rubbish in its place', async () => {
        const { name, value, handle } = await start();
        const rubbish = ['', '.', 'rubbish', 'zzzz.', '%', 'a.b.c', 'A'.repeat(8000)];
        for (const planted of [...['.', 'A', '=', '&'].map((more) => value + more), ...rubbish])
          await expectUnknown(finish(new Map([[name, planted]]), handle));
      });

      it('on https with the cookie of plain http', async () => {
        const { name, value, handle } = await start();
        await expectUnknown(finish(new Map([[name.replace('__Host-', ''), value]]), handle));
      });
    });

    for (const [title, lifetimeMs, configured] of [
      ['ten minutes', 600_000, options],
      ['`maxAgeMs`', 1000, { ...options, secret, maxAgeMs: 1000 }],
    ] as const) {
      it(`is open for ${title}`, async () => {
        const clock = install({ toFake: ['Date'], now: 1_800_000_000_000 });
        try {
          const from = frontEnd.create(configured);
          const started = await start(new Map(), { from });
          clock.tick(lifetimeMs - 1);
          await expectFinished(started, from);
          clock.tick(1);
          await expectUnknown(finish(started.jar, started.handle, { from }), 'expired_state');
        } finally {
          clock.uninstall();
        }
      });
    }

    it('opens under every secret, and is sealed with the first', async () => {
      const newSecret = 'a newer secret of 32 characters or more';
      const [older, both, newer] = [[secret], [newSecret, secret], [newSecret]].map((secrets) =>
        frontEnd.create({ ...options, secret: secrets }),
      );
      await expectFinished(await start(new Map(), { from: older }), both);
      const started = await start(new Map(), { from: both });
      await expectUnknown(finish(started.jar, started.handle, { from: older }));
      await expectFinished(started, newer);
    });
  });

  describe(`a login cookie of ${frontEnd.name}`, () => {
    useNock();
    const local = frontEnd.create(onLocalhost);

    it('is HttpOnly, Lax, Secure and bound to the host, on https or for a callback URL on https', async () => {
      const upperCase = frontEnd.create({ ...options, callbackURL: 'HTTPS://app.example/cb' });
      for (const { line } of [
        await start(new Map(), { from: local }),
        await start(new Map(), { from: local, isSecure: false, isEncrypted: true }),
        await start(new Map(), { from: upperCase, isSecure: false }),
      ])
        expect(line).to.match(
          /^__Host-metafy-login-[\w-]{22}=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        );
    });

    it('is HttpOnly and Lax on http', async () => {
      const { line } = await start(new Map(), { from: local, isSecure: false });
      expect(line).to.match(/^metafy-login-[\w-]{22}=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    });

    it('is cleared with the attributes it was set with', async () => {
      const started = await start();
      const { req } = await expectFinished(started);
      const attributes = 'Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax; Expires=Thu, 01 Jan 1970 00:00:00 GMT';
      expect(listSetCookies(req)).to.deep.equal([`${started.name}=; ${attributes}`]);
    });

    it('lives for whole seconds, rounded up', async () => {
      const from = frontEnd.create({ ...options, secret, maxAgeMs: 1001 });
      expect((await start(new Map(), { from })).line).to.include('; Max-Age=2;');
    });

    it('holds a state of 2 kB; a larger one is a TypeError that says so', async () => {
      await start(new Map(), { state: 'a'.repeat(2048) });
      const { error } = await expectOutcome('error', signIn.start(createRequest(), { state: 'a'.repeat(4000) }));
      expect(error).to.be.instanceOf(TypeError).with.property('message').that.includes('`state` smaller');
    });

    it('says why a state is not JSON', async () => {
      const circular: Record<string, unknown> = {};
      circular.self = circular;
      for (const state of [circular, 1n as unknown as object]) {
        const { error } = await expectOutcome('error', signIn.start(createRequest(), { state }));
        expect(error).to.be.instanceOf(TypeError);
      }
    });

    for (const [option, wrong] of [
      ['secret', { secret: undefined }],
      ['secret', { secret: '' }],
      ['secret', { secret: 'a'.repeat(31) }],
      ['secret', { secret: [] }],
      ['secret', { secret: ['a'.repeat(32), 'a'.repeat(31)] }],
      ['maxAgeMs', { secret, maxAgeMs: 0 }],
    ] as const) {
      it(`is not sealed with ${JSON.stringify(wrong)}: a TypeError names \`${option}\``, () => {
        expect(() => frontEnd.create({ ...options, ...wrong })).to.throw(TypeError, `\`${option}\``);
      });
    }
  });

  describe(`many pending sign-ins of ${frontEnd.name} in one browser`, () => {
    useNock();
    const startMany = async (jar: CookieJar, count: number, state?: unknown) => {
      const names: string[] = [];
      while (names.length < count) names.push((await start(jar, { state })).name);
      return names;
    };
    const plant = (count: number): CookieJar =>
      new Map(Array.from({ length: count }, (_, at) => [`__Host-metafy-login-${`${at}`.padStart(22, 'x')}`, 'a']));

    it('are the newest five', async () => {
      const jar: CookieJar = new Map([['sid', '1']]);
      const names = await startMany(jar, 8);
      expect([...jar.keys()]).to.deep.equal(['sid', ...names.slice(-5)]);
    });

    it('are as many as have room when their states are large', async () => {
      const jar: CookieJar = new Map();
      const names = await startMany(jar, 3, 'a'.repeat(1500));
      expect([...jar.keys()]).to.deep.equal(names.slice(1));
    });

    it('leave 2 kB of a header of 8 KiB to others when fifty are started, and the last one works', async () => {
      for (const state of [undefined, 'a'.repeat(400), 'a'.repeat(2000)]) {
        const jar: CookieJar = new Map();
        await startMany(jar, 49, state);
        const last = await start(jar, { state });
        const header = `Cookie: ${createRequest({ cookies: jar }).headers.cookie}`;
        expect(header.length).to.be.below(8 * 1024 - 2048);
        expect((await expectFinished(last)).state).to.equal(state);
      }
    });

    it('leave other cookies alone', async () => {
      const handle = 'A'.repeat(22);
      const others = ['sid', '__Host-metafy-login-', `__Host-metafy-login-${handle}x`, `metafy-login-${handle}`];
      const jar: CookieJar = new Map(others.map((name) => [name, 'a']));
      await startMany(jar, 10);
      expect([...jar.keys()]).to.include.members(others);
    });

    it('make room among rubbish under their names, twenty at a time', async () => {
      const jar = plant(45);
      const { name, cleared } = await start(jar);
      expect(cleared).to.equal(20);
      const names = [name, ...(await startMany(jar, 2))];
      expect([...jar.keys()].slice(-3)).to.deep.equal(names);
      expect(jar.size).to.equal(5);
    });
  });
}
