import express, { type Request, type RequestHandler, Router } from 'express';
import { renderSignInRequired } from './pages';
import { getPerson } from './person';

/** Lets those through who are signed in, and shows everybody else how to. */
export const requirePerson: RequestHandler = (req, res, next) => {
  if (req.user) next();
  else res.status(401).send(renderSignInRequired(chooseReturnPath(req)));
};

/** Where a sign-in leads that this request asks for. */
export function chooseReturnPath({ method, originalUrl }: Request): string {
  return method === 'GET' ? originalUrl : '/account';
}

/** Reads a form, and lets it through when it was shown to whoever is signed in now. */
export const readPersonalForm = Router().use(
  requirePerson,
  express.urlencoded({ extended: false, limit: '1kb' }),
  (req, res, next) => {
    // Another tab may have signed in somebody else since: do nothing to them.
    if ((req.body as { person?: unknown } | undefined)?.person === getPerson(req)?.id) {
      next();
    } else {
      req.session.notice = {
        text: 'Nothing was done: somebody else has signed in here since that page was shown.',
        isDone: false,
      };
      res.redirect(303, '/account');
    }
  },
);
