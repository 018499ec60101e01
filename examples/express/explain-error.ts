import type { ErrorRequestHandler } from 'express';
import { MetafyError, MetafyOAuthError } from 'passport-metafy';
import { renderError, renderSignInAgain } from './pages';

/** Says what went wrong and what a person can do about it. Errors of passport-metafy come with the status to answer. */
export const explainError: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error);
  const isMetafyError = error instanceof MetafyError;
  if (isMetafyError && error.code === 'login_required') {
    const show = () => res.status(401).send(renderSignInAgain());
    // Whoever has to sign in again is not signed in.
    return req.user ? req.logOut((problem) => (problem ? next(problem) : show())) : show();
  }

  const status = error.status >= 400 && error.status <= 599 ? error.status : 500;
  if (status >= 500) console.error(error);
  if (isMetafyError && error.retryAfterMs) {
    res.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
  }
  const failure = {
    status,
    code: isMetafyError ? error.code : undefined,
    isRefusal: error instanceof MetafyOAuthError,
    isSignedIn: Boolean(req.user),
  };
  res.status(status).send(renderError(failure));
};
