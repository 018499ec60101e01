import { expect } from 'chai';
import express5, { type RequestHandler } from 'express';
import { frontEnds, type SignInSite } from '../support/front-ends';
import type { SignInApp } from '../support/sign-in-app';
import { useSignIns } from './support/sign-ins';

const express4 = require('express4') as typeof express5;
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

/** What the parsers of Express make objects and lists of, and the status that ends it. */
const queries: Record<number, string[]> = {
  400: [
    'code[]=a&code[]=b',
    'code[a]=b',
    `code${'[a]'.repeat(50)}=b`,
    'code[=a',
    'code=a&'.repeat(1000),
    'code=',
    'state=a',
    'state=a&error_code=access_denied',
    'state=a&error=',
    'error=',
    'code=a&state[a]=b',
    'code=a&state=b&state=b',
    'error[message]=a',
    `code=${'a'.repeat(9000)}`,
    `code=a&state=${'a'.repeat(9000)}`,
    `state=${'a'.repeat(9000)}`,
    'code=a%00b',
    'code=a%0d%0aSet-Cookie:%20a=b',
    'error=a&error_description=%00',
  ],
  403: [
    'code=a',
    'code=a&state=',
    'code=a&error=b&state=c',
    'code=%&state=%4',
    // No UTF-8: Express 5 puts U+FFFD there, qs leaves the percent signs as they are.
    'code=%E0%A4%A&state=a',
    'code=%ED%A0%80&state=a',
    'code=a&state=__proto__',
    'code=a&__proto__[state]=b&constructor[prototype][a]=b',
    'error=access_denied&error_description=pay%20me',
  ],
};

const bodies: Record<number, [type: string, body: string][]> = {
  400: [
    [json, '{"code":{"a":"b"},"state":"c"}'],
    [json, '{"code":["a"],"state":"c"}'],
    [json, '{"code":1,"state":"c"}'],
    [json, '{"code":null}'],
    [json, '{"state":"c"}'],
    [form, 'code[a]=b'],
    [form, 'code=a&code=b'],
    [form, `code=${'a'.repeat(90_000)}`],
  ],
  403: [
    [json, '{"__proto__":{"state":"b"},"code":"a"}'],
    [form, 'code=a&state=b'],
  ],
};

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** What is the same under every framework. */
function itAnswersQueries(
  context: ReturnType<typeof useSignIns>,
  get: (query: string) => Promise<number>,
  getApp: () => { startURL: string },
): void {
  for (const [status, hostile] of Object.entries(queries)) {
    for (const query of hostile) {
      it(`is answered with ${status}: ${shorten(query)}`, async () => {
        expect(await get(query)).to.equal(Number(status));
        expect(context.emulator.requests).to.have.length(0);
      });
    }
  }

  it('is answered with 403 where the percent-encoding is no UTF-8', async () => {
    for (const code of ['%E0%A4%A', '%ED%A0%80']) expect(await get(`code=${code}&state=a`)).to.equal(403);
  });

  it('does not disturb the sign-in that is pending in the same browser', async () => {
    const callback = await context.startLogin(getApp());
    for (const query of Object.values(queries).flat()) await get(query);
    expect((await context.browser.get(callback)).status).to.equal(200);
  });
}

for (const [version, framework] of Object.entries({ 'Express 5': express5, 'Express 4': express4 })) {
  describe(`a hostile callback under ${version}`, () => {
    const context = useSignIns();
    let app: SignInApp;

    before(async () => {
      app = await context.startApp({ framework, server: { maxHeaderSize: 200_000 }, handlesErrors: false });
      // Answers what a custom callback of Passport is told.
      const explain: RequestHandler = (req, res, next) => {
        const { callbackURL } = app;
        app.passport.authenticate('metafy', { callbackURL }, (error, user, info, status) => {
          if (error) next(error);
          else res.status(user ? 200 : Number(status ?? 401)).json(info);
        })(req, res, next);
      };
      app.app.all('/explained', framework.json(), framework.urlencoded({ extended: true }), explain);
    });
    after(() => app[Symbol.asyncDispose]());

    const get = async (query: string): Promise<number> =>
      (await context.browser.get(`${app.url}/explained?${query}`)).status;

    itAnswersQueries(context, get, () => app);

    for (const [status, hostile] of Object.entries(bodies)) {
      for (const [type, body] of hostile) {
        it(`is answered with ${status}: ${type} ${shorten(body)}`, async () => {
          const page = await context.browser.post(`${app.url}/explained`, type, body);
          expect(page.status).to.equal(Number(status));
          expect(context.emulator.requests).to.have.length(0);
        });
      }
    }

    it('has no HTML in the page, where Metafy’s description of an error has some', async () => {
      const description = encodeURIComponent('<script>alert(1)</script>');
      for (const error of ['x', 'access_denied', 'server_error', 'invalid_scope']) {
        const { location } = await context.browser.get(app.startURL);
        const query = `error=${error}&error_description=${description}&state=${new URL(location).searchParams.get('state')}`;
        const page = await context.browser.get(`${app.callbackURL}?${query}`);
        expect(page.status).to.be.within(400, 599);
        expect(page.body).not.to.include('<script>');
      }
    });

    it('reaches an error handler as an error with the status, with failWithError', async () => {
      const options = { callbackURL: app.callbackURL, failWithError: true };
      const answer: express5.ErrorRequestHandler = (error, _req, res, _next) => {
        res.status(error.status).end('handled');
      };
      app.app.get('/strict', app.passport.authenticate('metafy', options), answer);
      expect(await context.browser.get(`${app.url}/strict?code[]=a`)).to.include({
        status: 400,
        body: 'handled',
      });
    });
  });
}

for (const frontEnd of frontEnds) {
  describe(`a hostile callback of ${frontEnd.name} on node:http`, () => {
    const context = useSignIns();
    let site: SignInSite;

    before(async () => {
      site = await context.startSite(frontEnd, { server: { maxHeaderSize: 200_000 } });
    });
    after(() => site[Symbol.asyncDispose]());

    const get = async (query: string) => (await context.browser.get(`${site.callbackURL}?${query}`)).status;
    itAnswersQueries(context, get, () => site);
  });
}
