import { PassportStrategy } from '@nestjs/passport';
import { expect } from 'chai';
import express, { type Request } from 'express';
import passport from 'passport';
import { type MetafyProfile, MetafyStrategy, type MetafyStrategyOptions } from '../../../src';
import { MetafyEmulator } from '../../../src/emulator';
import { CookieBrowser } from '../../support/cookie-browser';
import { WebServer } from '../../support/web-server';
import { toClient } from '../support/tokens';

const callbackURL = '/auth/metafy/callback';

/** Each way to write a strategy of @nestjs/passport, and the user that it ends with. */
const strategies: [title: string, create: (options: MetafyStrategyOptions) => void, user: object][] = [
  [
    'calls `validate(accessToken, refreshToken, profile)`',
    (options) =>
      new (class extends PassportStrategy(MetafyStrategy) {
        async validate(accessToken: string, refreshToken: string, { username }: MetafyProfile) {
          return { hasTokens: accessToken !== refreshToken, username };
        }
      })(options),
    { hasTokens: true, username: 'ada-coach' },
  ],
  [
    'calls `validate(req, accessToken, refreshToken, profile)` with `passReqToCallback`',
    (options) =>
      new (class extends PassportStrategy(MetafyStrategy) {
        validate({ path }: Request, _access: string, _refresh: string, { username }: MetafyProfile) {
          return { path, username };
        }
      })({ ...options, passReqToCallback: true }),
    { path: callbackURL, username: 'ada-coach' },
  ],
  [
    'lets nobody in when `validate` returns false',
    (options) =>
      new (class extends PassportStrategy(MetafyStrategy) {
        validate = () => false;
      })(options),
    { status: 401 },
  ],
];

describe('PassportStrategy of @nestjs/passport', () => {
  for (const [title, create, expected] of strategies) {
    it(title, async () => {
      await using emulator = await new MetafyEmulator().start();
      await using server = await WebServer.start();
      create({ ...toClient(emulator), callbackURL });
      // @nestjs/passport knows no other Passport than the global one.
      const authenticate = passport.authenticate('metafy', { session: false });
      const app = express().set('env', 'test');
      app.get('/auth/metafy', authenticate);
      app.get(callbackURL, authenticate, (req, res) => void res.json(req.user));
      server.handle(app);
      const browser = new CookieBrowser();
      const { location } = await browser.get(`${server.url}/auth/metafy`);
      const { status, body } = await browser.get(await emulator.authorize(location));
      passport.unuse('metafy');
      expect(status === 200 ? JSON.parse(body) : { status }).to.deep.equal(expected);
    });
  }
});
