import { expect } from 'chai';
import { useSignIns } from './support/sign-ins';

// What each shape of it is given, and what becomes of its answer, is tested in ../passport/verify.test.ts.
describe('the verify callback of an application on Express', () => {
  const context = useSignIns();

  for (const [what, status, verify] of [
    ['returns false', 401, async () => false],
    ['forgets to return the user', 500, async () => undefined],
    ['rejects with nothing', 500, async () => Promise.reject()],
    ['throws what Express takes for “next route”', 500, () => Promise.reject('route')],
  ] as [string, number, (login: object) => unknown][]) {
    it(`lets nobody in, with ${status}, when it ${what}`, async () => {
      await using app = await context.startApp({ verify: (login: object) => verify(login) });
      app.app.get('/auth/metafy/callback', (_req, res) => {
        res.end('the next route');
      });
      expect((await context.signIn(app)).status).to.equal(status);
      expect(await context.readUserName(app)).to.equal(undefined);
    });
  }
});

describe('an error in Passport at the end of a sign-in', () => {
  const context = useSignIns();

  it('reaches Express’s error handler when Passport itself throws, here for want of a session', async () => {
    const finish = { session: false, failureMessage: true, failureRedirect: '/login' };
    await using app = await context.startApp({ hasSession: false, finish });
    expect((await context.signIn(app, { deny: true })).status).to.equal(500);
  });
});
