import express from 'express';
import passport, { Passport } from 'passport';
import '../../src';

const app = express();

// This package's own options.
app.get('/auth/metafy', passport.authenticate('metafy'));
app.get('/auth/metafy', passport.authenticate('metafy', { scope: ['profile', 'community'] }));
app.get('/auth/metafy', passport.authenticate('metafy', { scope: 'profile', state: { returnTo: '/' } }));
app.get('/auth/metafy', passport.authenticate('metafy', { state: 'a string' }));
app.get(
  '/auth/metafy',
  passport.authenticate('metafy', { scope: ['profile'], state: { returnTo: '/' }, callbackURL: '/cb' }),
);
app.get('/auth/metafy', (req, res, next) =>
  passport.authenticate('metafy', { state: { returnTo: req.query.returnTo } })(req, res, next),
);
app.get('/auth/metafy/link', passport.authorize('metafy', { state: { link: true }, callbackURL: '/cb' }));
app.get('/auth/metafy', new Passport().authenticate('metafy', { state: { returnTo: '/' } }));

// Passport's own beside them.
app.get(
  '/cb',
  passport.authenticate('metafy', { failureRedirect: '/login', failureMessage: true, session: false }),
  (req, res) => {
    const user: Express.User | undefined = req.user;
    const info: Express.AuthInfo | undefined = req.authInfo;
    res.json({ user, info });
  },
);

// Passport's own without them.
passport.authenticate('local');
passport.authenticate(['local', 'metafy'], { session: false });
passport.authenticate('local', { successRedirect: '/', failureFlash: true });
passport.authenticate('local', (error: unknown, user?: Express.User | false | null) => [error, user]);
passport.authenticate('local', { session: false }, (error, user, info, status) => [error, user, info, status]);
passport.authenticate('metafy', { state: { a: 1 } }, (error, user, info, status) => [error, user, info, status]);
passport.authorize('local', { failureRedirect: '/' });
passport.initialize();
passport.session();

// What must not compile.
// @ts-expect-error a misspelt option
passport.authenticate('metafy', { scopes: ['profile'] });
// @ts-expect-error a scope is text
passport.authenticate('metafy', { scope: [42] });
// @ts-expect-error a state is a string or an object
passport.authenticate('metafy', { state: 42 });
// @ts-expect-error a URL is text here
passport.authenticate('metafy', { callbackURL: new URL('https://app.example/cb') });
