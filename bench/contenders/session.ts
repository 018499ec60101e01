import type { RequestHandler } from 'express';
import session, { MemoryStore } from 'express-session';

const store = new MemoryStore();

/** express-session as its documentation advises, for the contenders that keep their state in it. */
export function keepSessions(): RequestHandler {
  return session({ secret: 'of the session', resave: false, saveUninitialized: false, store });
}

export function clearSessions(): void {
  store.clear();
}
