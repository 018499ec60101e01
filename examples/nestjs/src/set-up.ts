import type { INestApplication } from '@nestjs/common';
import session from 'express-session';
import passport from 'passport';

/** What comes before the routes, in `main.ts` and in tests. */
export function setUp(app: INestApplication): void {
  const { SESSION_SECRET } = process.env;
  if (!SESSION_SECRET) throw new Error('SESSION_SECRET is missing.');
  app.use(
    session({
      secret: SESSION_SECRET,
      resave: false,
      saveUninitialized: false,
      cookie: { sameSite: 'lax', secure: 'auto' },
    }),
  );
  app.use(passport.session());
  // What is kept in the session: here the whole user.
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user: Express.User, done) => done(null, user));
}
