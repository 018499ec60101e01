import { expect } from 'chai';
import type { MetafyEmulator } from '../../src/emulator';
import { CookieBrowser } from '../support/cookie-browser';
import { readUserName, signIn, startEmulator, startSignInApp } from '../support/sign-in-app';

type Done = (error?: unknown, user?: object | false, info?: object) => void;
type Profile = { id: string; username: string };
type Request = { url: string };

interface Shape {
  name: string;
  passReqToCallback?: boolean;
  /** A verify callback of this shape that does `work` with what it is given. */
  adapt: (work: (given: Given) => unknown) => (...parameters: never[]) => unknown;
}

interface Given {
  req?: Request;
  params?: { scope?: string };
  profile: Profile;
  done?: Done;
}

const shapes: Shape[] = [
  {
    name: '({ req, profile, tokens })',
    adapt: (work) => async (login: Given) => work(login),
  },
  {
    name: '(accessToken, refreshToken, profile, done)',
    adapt: (work) => async (_access: string, _refresh: string, profile: Profile, done: Done) =>
      work({ profile, done }),
  },
  {
    name: '(accessToken, refreshToken, params, profile, done)',
    adapt:
      (work) => async (_access: string, _refresh: string, params: object, profile: Profile, done: Done) =>
        work({ params, profile, done }),
  },
  {
    name: '(req, accessToken, refreshToken, profile, done)',
    passReqToCallback: true,
    adapt: (work) => async (req: Request, _access: string, _refresh: string, profile: Profile, done: Done) =>
      work({ req, profile, done }),
  },
  {
    name: '(req, accessToken, refreshToken, params, profile, done)',
    passReqToCallback: true,
    adapt:
      (work) =>
      async (req: Request, _access: string, _refresh: string, params: object, profile: Profile, done: Done) =>
        work({ req, params, profile, done }),
  },
  {
    name: '(...parameters), as @nestjs/passport passes it',
    adapt:
      (work) =>
      async (...parameters: unknown[]) =>
        work({ profile: parameters.at(-2) as Profile, done: parameters.at(-1) as Done }),
  },
];

describe('the verify callback of a sign-in', () => {
  let emulator: MetafyEmulator;
  let browser: CookieBrowser;
  const unhandled: unknown[] = [];
  const noteUnhandled = (reason: unknown) => unhandled.push(reason);

  before(async () => {
    process.on('unhandledRejection', noteUnhandled);
    emulator = await startEmulator();
  });
  after(async () => {
    await emulator.stop();
    process.off('unhandledRejection', noteUnhandled);
  });
  beforeEach(() => {
    browser = new CookieBrowser();
    unhandled.length = 0;
  });
  afterEach(() => expect(unhandled, 'unhandled rejections').to.deep.equal([]));

  for (const { name, passReqToCallback, adapt } of shapes) {
    describe(`of the shape ${name}`, () => {
      const start = (work: (given: Given) => unknown) =>
        startSignInApp({
          strategy: { baseURL: emulator.url, passReqToCallback },
          verify: adapt(work),
        });

      it('decides who is signed in', async () => {
        await using app = await start(({ req, params, profile, done }) => {
          const user = { username: `verified ${profile.username}`, url: req?.url, scope: params?.scope };
          return done ? done(null, user) : user;
        });
        const page = await signIn(browser, app, emulator);
        expect(page.status).to.equal(200);
        expect(await readUserName(browser, app)).to.equal('verified ada-coach');
        const { user } = JSON.parse(page.body);
        if (passReqToCallback) expect(user.url).to.match(/^\/auth\/metafy\/callback\?/);
        if (name.includes('params')) expect(user.scope).to.equal('profile');
      });

      it('refuses a person with 401', async () => {
        await using app = await start(({ done }) => (done ? done(null, false) : false));
        expect((await signIn(browser, app, emulator)).status).to.equal(401);
        expect(await readUserName(browser, app)).to.equal(undefined);
      });

      it('reaches Express’s error handler when it is async and throws', async () => {
        await using app = await start(() => {
          throw new Error('the database is away');
        });
        const { status, body } = await signIn(browser, app, emulator);
        expect(status).to.equal(500);
        expect(JSON.parse(body).error.message).to.equal('the database is away');
      });

      it('lets nobody through when it rejects with nothing', async () => {
        await using app = await start(() => Promise.reject());
        expect((await signIn(browser, app, emulator)).status).to.equal(500);
      });
    });
  }

  it('lets nobody past the route when it throws what Express takes for an instruction', async () => {
    await using app = await startSignInApp({
      strategy: { baseURL: emulator.url },
      verify: async (_login: object) => {
        throw 'route';
      },
    });
    app.app.get('/auth/metafy/callback', (_req, res) => {
      res.end('the next route');
    });
    const { status } = await signIn(browser, app, emulator);
    expect(status).to.equal(500);
  });

  it('may call `done` long after it has returned', async () => {
    await using app = await startSignInApp({
      strategy: { baseURL: emulator.url },
      verify: (_access: string, _refresh: string, profile: Profile, done: Done) => {
        setImmediate(() => setImmediate(done, null, profile));
      },
    });
    await signIn(browser, app, emulator);
    expect(await readUserName(browser, app)).to.equal('ada-coach');
  });

  it('passes its `info` on to the request', async () => {
    await using app = await startSignInApp({
      strategy: { baseURL: emulator.url },
      start: { state: 'kept' },
      verify: (_access: string, _refresh: string, profile: Profile, done: Done) =>
        done(null, profile, { isNew: true }),
    });
    const { body } = await signIn(browser, app, emulator);
    expect(JSON.parse(body).authInfo).to.deep.equal({ isNew: true, state: 'kept' });
  });

  it('may call `done` twice: the first time counts', async () => {
    await using app = await startSignInApp({
      strategy: { baseURL: emulator.url },
      verify: (_access: string, _refresh: string, profile: Profile, done: Done) => {
        done(null, profile);
        done(new Error('late'));
      },
    });
    expect((await signIn(browser, app, emulator)).status).to.equal(200);
  });

  it('may return a query that runs when it is awaited, as knex and Mongoose have them: it is left alone', async () => {
    let runs = 0;
    await using app = await startSignInApp({
      strategy: { baseURL: emulator.url },
      verify: (_access: string, _refresh: string, profile: Profile, done: Done) => {
        setImmediate(done, null, profile);
        // biome-ignore lint/suspicious/noThenProperty: what those queries are
        return { then: () => void runs++ };
      },
    });
    expect((await signIn(browser, app, emulator)).status).to.equal(200);
    expect(runs).to.equal(0);
  });

  it('that forgets to return the user is told so', async () => {
    await using app = await startSignInApp({
      strategy: { baseURL: emulator.url },
      verify: async (_login: object) => undefined,
    });
    const { status, body } = await signIn(browser, app, emulator);
    expect(status).to.equal(500);
    expect(JSON.parse(body).error.message).to.match(/returned undefined/);
  });
});

describe('what goes wrong in Passport at the end of a sign-in', () => {
  let emulator: MetafyEmulator;

  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  it('reaches Express’s error handler when Passport itself throws, here for want of a session', async () => {
    await using app = await startSignInApp({
      strategy: { baseURL: emulator.url },
      hasSession: false,
      finish: { session: false, failureMessage: true, failureRedirect: '/login' },
    });
    const page = await signIn(new CookieBrowser(), app, emulator, { deny: true });
    expect(page.status).to.equal(500);
  });

  it('reaches Express’s error handler when a custom callback throws', async () => {
    await using app = await startSignInApp({ strategy: { baseURL: emulator.url } });
    const callbackURL = `${app.url}/other/callback`;
    app.app.get('/other', app.passport.authenticate('metafy', { callbackURL }));
    app.app.get('/other/callback', (req, res, next) => {
      const finish = app.passport.authenticate('metafy', { callbackURL }, (error: unknown) => {
        if (error) next(error);
        else throw new Error('in the custom callback');
      });
      finish(req, res, next);
    });
    const { status } = await signIn(new CookieBrowser(), { startURL: `${app.url}/other` }, emulator);
    expect(status).to.equal(500);
  });
});
