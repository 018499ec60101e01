import { expect } from 'chai';
import { frontEnds } from '../support/front-ends';
import { useSignIns } from './support/sign-ins';

// What the cookies look like, and which are kept, is tested in ../authorization/login-cookie.test.ts.
for (const frontEnd of frontEnds) {
  describe(`the cookies of pending sign-ins of ${frontEnd.name}`, () => {
    const context = useSignIns();

    for (const [what, atOnce, state] of [
      ['with a state of 2 kB', 1, { returnTo: 'x'.repeat(2000) }],
      ['started six at a time, as browsers do', 6, undefined],
    ] as const) {
      it(`leave the request headers below 8 KiB when 50 are never finished, ${what}`, async () => {
        const headerSizes: number[] = [];
        const onRequest = ({ rawHeaders }: { rawHeaders: string[] }) =>
          headerSizes.push(rawHeaders.join(': \r\n').length);
        await using app = await context.startSite(frontEnd, { start: { state }, onRequest });
        await context.browser.jar.setCookie('theme=dark; Path=/', app.url);
        for (let count = 0; count < 50; count += atOnce) {
          await Promise.all(Array.from({ length: atOnce }, () => context.browser.get(app.startURL)));
        }
        expect((await context.signIn(app)).status).to.equal(200);
        expect(Math.max(...headerSizes)).to.be.below(8 * 1024);
        expect((await context.browser.cookies(app.url)).map(({ key }) => key)).to.include('theme');
      });
    }
  });
}
