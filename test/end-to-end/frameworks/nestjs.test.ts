import { PassportStrategy } from '@nestjs/passport';
import { expect } from 'chai';
import express, { type Request } from 'express';
import passport from 'passport';
import { type MetafyProfile, MetafyStrategy, type TokenResponse } from '../../../src';
import { MetafyEmulator } from '../../../src/emulator';
import { CookieBrowser } from '../../support/cookie-browser';
import { WebServer } from '../../support/web-server';

describe('PassportStrategy of @nestjs/passport', () => {
  let emulator: MetafyEmulator;

  before(async () => {
    emulator = await new MetafyEmulator().start();
  });
  after(() => emulator.stop());
  // @nestjs/passport knows no other Passport.
  afterEach(() => {
    passport.unuse('metafy');
  });

  const options = () => ({
    clientID: 'metafy-demo',
    clientSecret: 'metafy-demo-secret',
    baseURL: emulator.url,
    callbackURL: '/auth/metafy/callback',
  });

  /** The user that a sign-in ends with, or the status and page. */
  async function signIn(): Promise<unknown> {
    await using server = await WebServer.start();
    const app = express().set('env', 'test');
    app.get('/auth/metafy', passport.authenticate('metafy', { session: false }));
    app.get('/auth/metafy/callback', passport.authenticate('metafy', { session: false }), (req, res) => {
      res.json(req.user);
    });
    server.handle(app);
    const browser = new CookieBrowser();
    const { location } = await browser.get(`${server.url}/auth/metafy`);
    const { status, body } = await browser.get(await emulator.authorize(location));
    return status === 200 ? JSON.parse(body) : { status, body };
  }

  it('calls `validate(accessToken, refreshToken, profile)`', async () => {
    class Strategy extends PassportStrategy(MetafyStrategy) {
      async validate(accessToken: string, refreshToken: string, { username }: MetafyProfile) {
        return { accessToken: typeof accessToken, refreshToken: typeof refreshToken, username };
      }
    }
    new Strategy(options());
    expect(await signIn()).to.deep.equal({
      accessToken: 'string',
      refreshToken: 'string',
      username: 'ada-coach',
    });
  });

  it('calls `validate(accessToken, refreshToken, params, profile)` when it may count the parameters', async () => {
    class Strategy extends PassportStrategy(MetafyStrategy, 'metafy', true) {
      validate(_accessToken: string, _refreshToken: string, params: TokenResponse, profile: MetafyProfile) {
        return { scope: params.scope, username: profile.username };
      }
    }
    new Strategy(options());
    expect(await signIn()).to.deep.equal({ scope: 'profile', username: 'ada-coach' });
  });

  it('calls `validate(req, accessToken, refreshToken, profile)` with `passReqToCallback`', async () => {
    class Strategy extends PassportStrategy(MetafyStrategy) {
      validate(req: Request, _accessToken: string, _refreshToken: string, profile: MetafyProfile) {
        return { path: req.path, username: profile.username };
      }
    }
    new Strategy({ ...options(), passReqToCallback: true });
    expect(await signIn()).to.deep.equal({ path: '/auth/metafy/callback', username: 'ada-coach' });
  });

  it('refuses the sign-in when `validate` returns false', async () => {
    class Strategy extends PassportStrategy(MetafyStrategy) {
      validate(): false {
        return false;
      }
    }
    new Strategy(options());
    expect(await signIn()).to.include({ status: 401 });
  });
});
