import type { RequestHandler } from 'express';

declare module 'express-session' {
  interface SessionData {
    /** Where the old code kept who is signed in. */
    userId?: string;
    /** Where Passport keeps what `serializeUser` made of the user. */
    passport?: { user: string };
  }
}

export const keepSignedIn: RequestHandler = (req, _res, next) => {
  const { userId } = req.session;
  if (userId !== undefined) {
    req.session.passport ??= { user: userId };
    delete req.session.userId;
  }
  next();
};
