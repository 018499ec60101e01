import type { ErrorRequestHandler, Response } from 'express';
import { MetafyError, MetafyOAuthError } from 'passport-metafy';
import { renderError, renderScopeRequired, renderSignInAgain, renderSignInRequired } from './pages';
import { chooseReturnPath } from './signed-in';

/** Says what went wrong and what a person can do about it. Errors of passport-metafy come with the status to answer. */
export const explainError: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error);
  const isMetafyError = error instanceof MetafyError;
  const returnPath = chooseReturnPath(req);
  if (isMetafyError && error.code === 'login_required') {
    if (!req.user) return res.status(401).send(renderSignInRequired(returnPath));
    // Whoever has to sign in again is not signed in.
    return req.logOut((problem) => (problem ? next(problem) : res.status(401).send(renderSignInAgain(returnPath))));
  }
  if (isMetafyError && error.code === 'insufficient_scope') {
    return res.status(403).send(renderScopeRequired(returnPath));
  }

  const status = error.status >= 400 && error.status <= 599 ? error.status : 500;
  if (status >= 500) reportFailure(error, res);
  const failure = {
    status,
    code: isMetafyError ? error.code : undefined,
    isRefusal: error instanceof MetafyOAuthError,
    isSignedIn: Boolean(req.user),
  };
  res.status(status).send(renderError(failure));
};

/** Logs what is not the person's own situation, and tells the browser how long Metafy wants to be left alone. */
export function reportFailure(error: Error, res: Response): void {
  console.error(error);
  if (error instanceof MetafyError && error.retryAfterMs) {
    res.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
  }
}
