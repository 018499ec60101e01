import type { ErrorRequestHandler } from 'express';
import { MetafyError } from 'passport-metafy';
import { app } from './sign-in';

const handleMetafyErrors: ErrorRequestHandler = (error, req, res, next) => {
  if (!(error instanceof MetafyError)) return next(error);
  if (error.code === 'login_required') return res.redirect('/auth/metafy');
  // Of the API and of communities: the person's own situation, which `error.message` explains to you, not to them.
  if (['no_access', 'insufficient_scope'].includes(error.code)) {
    return res.status(error.status).send('You do not have access to this page.');
  }
  console.error(error);
  if (error.retryAfterMs) res.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
  res.status(error.status).send('Metafy is not available at the moment. Please try again.');
};
app.use(handleMetafyErrors);
