/*
 * Connect, with express-session, which does not need Express.
 *
 *   npm install passport-metafy passport connect express-session
 */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import connect from 'connect';
import session from 'express-session';
import passport from 'passport';
import { MetafyStrategy } from 'passport-metafy';

const { METAFY_URL, SESSION_SECRET = '', PORT = '3000' } = process.env;

passport.use(
  new MetafyStrategy(
    {
      clientID: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      callbackURL: '/auth/metafy/callback',
      baseURL: METAFY_URL,
    },
    ({ profile }) => ({ id: profile.id, name: profile.displayName }),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user: Express.User, done) => done(null, user));

const app = connect();
app.use((req, res, next) => {
  // What Express does: the sign-in's cookie needs `req.res`, Passport's options `…Redirect` need `res.redirect`.
  Object.assign(req, { res });
  Object.assign(res, { redirect: (url: string) => res.writeHead(302, { Location: url }).end() });
  next();
});
app.use(
  session({
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'lax', secure: 'auto' },
  }) as unknown as connect.NextHandleFunction,
);
app.use(passport.initialize() as unknown as connect.NextHandleFunction);
app.use(passport.session());

// The longer path first: Connect compares beginnings.
app.use('/auth/metafy/callback', passport.authenticate('metafy', { successRedirect: '/', failureRedirect: '/login' }));
app.use('/auth/metafy', passport.authenticate('metafy'));
app.use('/login', (_req, res) => {
  res.setHeader('Content-Type', 'text/html');
  res.end('<a href="/auth/metafy">Sign in with Metafy</a>');
});
app.use('/', (req: IncomingMessage & { user?: { name?: string } }, res) => {
  res.setHeader('Content-Type', 'text/plain');
  if (req.user) res.end(`Hello, ${req.user.name}`);
  else res.writeHead(302, { Location: '/login' }).end();
});

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
