import passport from 'passport';
import { app } from './sign-in';

app.get('/signin', (req, res, next) => {
  passport.authenticate('metafy', { state: { returnTo: req.query.returnTo } })(req, res, next);
});

app.get('/auth/metafy/callback', passport.authenticate('metafy'), (req, res) => {
  const { state } = req.authInfo as { state?: { returnTo?: unknown } };
  res.redirect(toLocalPath(state?.returnTo));
});

// Only a path of this site: `//evil.example`, `/\evil.example` and `https:…` lead elsewhere.
function toLocalPath(returnTo: unknown): string {
  return typeof returnTo === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(returnTo) ? returnTo : '/';
}
