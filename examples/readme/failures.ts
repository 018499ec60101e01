import type { ErrorRequestHandler, Express } from 'express';
import passport from 'passport';

/** The callback's route, and what it says to whom was not signed in. */
export function addCallback(app: Express): void {
  app.get('/auth/metafy/callback', passport.authenticate('metafy', { successRedirect: '/', failWithError: true }));

  const explainFailure: ErrorRequestHandler = (error, req, res, next) => {
    if (error.name !== 'AuthenticationError') return next(error);
    const reason =
      error.status === 401
        ? 'You declined, so nothing was shared.'
        : 'This sign-in took too long, was already finished, or your browser blocks cookies.';
    res.status(error.status).send(`${reason} <a href="/auth/metafy">Sign in with Metafy</a>`);
  };
  app.use(explainFailure);
}
