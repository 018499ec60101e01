import { expect } from 'chai';
import type { SignInAppOptions } from '../support/sign-in-app';
import { useSignIns } from './support/sign-ins';

type Verify = SignInAppOptions['verify'];
type Done = (error?: unknown, user?: object | false, info?: object) => void;
type Profile = { username: string };

/** Each shape of a verify callback; its user says what it was given. */
const shapes: [shape: string, verify: Verify, user: object][] = [
  [
    '({ req, profile, tokens })',
    async (login: { req: { url: string }; profile: Profile; tokens: { scope: string[] } }) => ({
      url: login.req.url.split('?')[0],
      username: login.profile.username,
      scope: login.tokens.scope,
    }),
    { url: '/auth/metafy/callback', username: 'ada-coach', scope: ['profile'] },
  ],
  [
    '(accessToken, refreshToken, profile, done)',
    (_access: string, _refresh: string, { username }: Profile, done: Done) => done(null, { username }),
    { username: 'ada-coach' },
  ],
  [
    '(accessToken, refreshToken, params, profile, done)',
    (_access: string, _refresh: string, { scope }: { scope: string }, { username }: Profile, done: Done) =>
      done(null, { username, scope }),
    { username: 'ada-coach', scope: 'profile' },
  ],
  [
    '(req, accessToken, refreshToken, profile, done)',
    (req: { url: string }, _access: string, _refresh: string, { username }: Profile, done: Done) =>
      done(null, { url: req.url.split('?')[0], username }),
    { url: '/auth/metafy/callback', username: 'ada-coach' },
  ],
  [
    '(...parameters), as @nestjs/passport passes it',
    async (...parameters: unknown[]) => (parameters.at(-1) as Done)(null, parameters.at(-2) as object),
    { username: 'ada-coach' },
  ],
];

describe('the verify callback', () => {
  const context = useSignIns();
  const unhandled: unknown[] = [];
  const noteUnhandled = (reason: unknown) => unhandled.push(reason);

  before(() => process.on('unhandledRejection', noteUnhandled));
  after(() => {
    process.off('unhandledRejection', noteUnhandled);
    expect(unhandled).to.deep.equal([]);
  });

  for (const [shape, verify, user] of shapes) {
    it(`decides who is signed in, with the shape ${shape}`, async () => {
      const passReqToCallback = shape.startsWith('(req');
      await using app = await context.startApp({ strategy: { passReqToCallback }, verify });
      expect(JSON.parse((await context.signIn(app)).body).user).to.deep.include(user);
      expect(await context.readUserName(app)).to.equal('ada-coach');
    });
  }

  for (const [what, status, verify] of [
    ['returns false', 401, async (_login: object) => false],
    [
      'calls `done` with false',
      401,
      (_access: string, _refresh: string, _profile: Profile, done: Done) => done(null, false),
    ],
    ['forgets to return the user', 500, async (_login: object) => undefined],
    ['rejects with nothing', 500, async (_login: object) => Promise.reject()],
    [
      'throws what Express takes for “next route”',
      500,
      async (_login: object) => {
        throw 'route';
      },
    ],
    [
      'is a classic one, async, and rejects',
      500,
      async (_access: string, _refresh: string, _profile: Profile, _done: Done) => Promise.reject(),
    ],
  ] as [string, number, Verify][]) {
    it(`lets nobody in, with ${status}, when it ${what}`, async () => {
      await using app = await context.startApp({ verify });
      app.app.get('/auth/metafy/callback', (_req, res) => {
        res.end('the next route');
      });
      expect((await context.signIn(app)).status).to.equal(status);
      expect(await context.readUserName(app)).to.equal(undefined);
    });
  }

  it('has its error in Express’s error handler', async () => {
    const verify = async (_login: object) => Promise.reject(new Error('the database is away'));
    await using app = await context.startApp({ verify });
    expect(JSON.parse((await context.signIn(app)).body).error.message).to.equal('the database is away');
  });

  it('passes its `info` on to the request, beside the state', async () => {
    const verify = (_access: string, _refresh: string, profile: Profile, done: Done) =>
      done(null, profile, { isNew: true });
    await using app = await context.startApp({ verify, start: { state: 'kept' } });
    const { body } = await context.signIn(app);
    expect(JSON.parse(body).authInfo).to.deep.equal({ isNew: true, state: 'kept' });
  });
});

describe('an error in Passport at the end of a sign-in', () => {
  const context = useSignIns();

  it('reaches Express’s error handler when Passport itself throws, here for want of a session', async () => {
    const finish = { session: false, failureMessage: true, failureRedirect: '/login' };
    await using app = await context.startApp({ hasSession: false, finish });
    expect((await context.signIn(app, { deny: true })).status).to.equal(500);
  });

  it('reaches Express’s error handler when a custom callback throws', async () => {
    await using app = await context.startApp();
    const callbackURL = `${app.url}/other/callback`;
    app.app.get('/other', app.passport.authenticate('metafy', { callbackURL }));
    app.app.get('/other/callback', (req, res, next) => {
      const finish = app.passport.authenticate('metafy', { callbackURL }, (error: unknown) => {
        if (error) next(error);
        else throw new Error('in the custom callback');
      });
      finish(req, res, next);
    });
    expect((await context.signIn({ startURL: `${app.url}/other` })).status).to.equal(500);
  });
});
