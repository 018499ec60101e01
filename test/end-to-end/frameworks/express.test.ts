import { expect } from 'chai';
import cookieSession from 'cookie-session';
import express from 'express';
import { Passport } from 'passport';
import { addSessionMethods } from '../../../examples/cookie-session/session-methods';
import { MetafyEmulator } from '../../../src/emulator';
import { CookieBrowser } from '../../support/cookie-browser';
import { itSignsIn } from '../support/site-behaviour';
import { startExpressSite } from './support/express-site';

// Aliases in package.json, which have no types of their own.
const express4 = require('express4') as typeof express;
const { Passport: Passport06 } = require('passport06') as { Passport: typeof Passport };
const { Passport: Passport05 } = require('passport05') as { Passport: typeof Passport };

for (const [name, framework] of [
  ['Express 5', express],
  ['Express 4', express4],
] as const) {
  for (const [version, Authenticator] of [
    ['0.7', Passport],
    ['0.6', Passport06],
    ['0.5', Passport05],
  ] as const) {
    describe(`${name} with Passport ${version}`, () => {
      itSignsIn((emulator) => startExpressSite(emulator, { framework, Authenticator }));
    });
  }
}

describe('Express with cookie-session', () => {
  const sessions = () => cookieSession({ secret: 'only for tests' });

  describe('and Passport 0.5', () => {
    itSignsIn((emulator) =>
      startExpressSite(emulator, { framework: express, Authenticator: Passport05, sessions: sessions() }),
    );
  });

  describe('and Passport 0.7, with the two methods that Passport asks a session for', () => {
    itSignsIn((emulator) =>
      startExpressSite(emulator, {
        framework: express,
        Authenticator: Passport,
        sessions: express.Router().use(sessions(), addSessionMethods),
      }),
    );
  });

  it('ends in Passport’s error without them', async () => {
    await using emulator = await new MetafyEmulator().start();
    const parts = { framework: express, Authenticator: Passport, sessions: sessions() };
    await using site = await startExpressSite(emulator, parts);
    const browser = new CookieBrowser();
    const { location } = await browser.get(`${site.url}/auth/metafy`);
    const { status, body } = await browser.get(await emulator.authorize(location));
    expect(status).to.equal(500);
    expect(body).to.include('req.session.regenerate is not a function');
  });
});
