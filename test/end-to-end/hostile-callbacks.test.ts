import { expect } from 'chai';
import express5, { type RequestHandler } from 'express';
import type { SignInApp } from '../support/sign-in-app';
import { useSignIns } from './support/sign-ins';

const express4 = require('express4') as typeof express5;
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

/** What the parsers of Express make objects and lists of, and the status that ends it. */
const queries: Record<number, string[]> = {
  400: [
    ...['code[]=a&code[]=b', 'code[a]=b', `code${'[a]'.repeat(50)}=b`, 'code[=a', 'error[message]=a'],
    ...['code=a&'.repeat(1000), 'code=a&state[a]=b', 'code=a&state=b&state=b'],
    ...['code=', 'state=a', 'state=a&error=', `code=${'a'.repeat(9000)}`, 'code=a%0d%0aSet-Cookie:%20a=b'],
  ],
  403: [
    ...['code=a', 'code=%&state=%4', 'error=access_denied&error_description=pay%20me'],
    // No UTF-8: Express 5 puts U+FFFD there, qs leaves the percent signs as they are.
    ...['code=%E0%A4%A&state=a', 'code=%ED%A0%80&state=a'],
    ...['code=a&state=__proto__', 'code=a&__proto__[state]=b&constructor[prototype][a]=b'],
  ],
};

const bodies: Record<number, [type: string, body: string][]> = {
  400: [
    [json, '{"code":{"a":"b"},"state":"c"}'],
    [json, '{"code":1,"state":"c"}'],
    [json, '{"code":null}'],
    [form, 'code[a]=b'],
    [form, 'code=a&code=b'],
    [form, `code=${'a'.repeat(90_000)}`],
  ],
  403: [
    [json, '{"__proto__":{"state":"b"},"code":"a"}'],
    [form, 'code=a&state=b'],
  ],
};

// What else is hostile is tested in ../authorization/response.test.ts and ../fuzz/callback.test.ts.
for (const [version, framework] of Object.entries({ 'Express 5': express5, 'Express 4': express4 })) {
  describe(`a hostile callback under ${version}`, () => {
    const context = useSignIns();
    let app: SignInApp;

    before(async () => {
      app = await context.startApp({ framework, server: { maxHeaderSize: 200_000 } });
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

    for (const status of [400, 403]) {
      it(`is answered with ${status}, and disturbs no sign-in that is pending in the same browser`, async () => {
        const callback = await context.startLogin(app);
        for (const query of queries[status] ?? [])
          expect((await context.browser.get(`${app.url}/explained?${query}`)).status, query).to.equal(status);
        for (const [type, body] of bodies[status] ?? [])
          expect((await context.browser.post(`${app.url}/explained`, type, body)).status, body).to.equal(status);
        expect(context.emulator.requests).to.have.length(0);
        expect((await context.browser.get(callback)).status).to.equal(200);
      });
    }
  });
}
