import type { AddressInfo } from 'node:net';
import express from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { MetafyStrategy } from 'passport-metafy';

/** Stands for an application that can be started by its tests. */
export async function startApp(options: { baseURL: string; clientID: string; clientSecret: string }) {
  const passport = new Passport();
  passport.use(
    new MetafyStrategy({ ...options, callbackURL: '/auth/metafy/callback' }, ({ profile }) => profile),
  );

  const app = express();
  app.use(session({ secret: 'only for tests', resave: false, saveUninitialized: false }));
  app.get('/auth/metafy', passport.authenticate('metafy'));
  app.get('/auth/metafy/callback', passport.authenticate('metafy', { session: false }), (req, res) => {
    const { displayName } = req.user as { displayName: string };
    res.type('text').send(`Hello, ${displayName}`);
  });

  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
