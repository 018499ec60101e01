import type { RequestHandler } from 'express';

/** What Passport 0.6 and later ask of a session, for cookie-session, whose cookie is all there is. */
export const addSessionMethods: RequestHandler = (req, _res, next) => {
  Object.assign(req.session as object, {
    regenerate: (done: () => void) => done(),
    save: (done: () => void) => done(),
  });
  next();
};
