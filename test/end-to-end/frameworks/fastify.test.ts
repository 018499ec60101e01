import secureSession from '@fastify/secure-session';
import session from '@fastify/session';
import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { MetafyEmulator } from '../../../src/emulator';
import { CookieBrowser } from '../../support/cookie-browser';
import { itSignsIn } from '../support/site-behaviour';
import { startFastifySite } from './support/fastify-site';

const plugins = {
  '@fastify/session': (app: FastifyInstance) => {
    const secret = 'at least 32 characters, only for tests';
    app.register(session, { secret, saveUninitialized: false, cookie: { secure: 'auto' } });
  },
  '@fastify/secure-session': (app: FastifyInstance) => {
    app.register(secureSession, { key: Buffer.alloc(32, 'only for tests'), cookie: { path: '/' } });
  },
};

for (const [name, addSessions] of Object.entries(plugins)) {
  describe(`Fastify with ${name}`, () => {
    describe('and the sign-in in a cookie of its own', () => {
      itSignsIn((emulator) => startFastifySite(emulator, { addSessions, hasResponse: true }));
    });

    describe('and the sign-in in the session, with `state: true`', () => {
      const strategy = { state: true };
      itSignsIn((emulator) => startFastifySite(emulator, { addSessions, strategy }), { keepsTabs: false });
    });

    it('says what to do where the request has no response', async () => {
      await using emulator = await new MetafyEmulator().start();
      await using site = await startFastifySite(emulator, { addSessions });
      const { status, body } = await new CookieBrowser().get(`${site.url}/auth/metafy`);
      expect(status).to.equal(500);
      expect(body).to.include('`req.res`').and.include('`state: true`');
    });
  });
}
