import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';

/** In production secrets come from the environment, or every restart signs everybody out. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Only a path of this site: `//evil.example`, `/\evil.example` and `https:…` lead elsewhere. Not a long one either,
 * since it waits in a cookie while the person is at Metafy.
 */
export function toLocalPath(returnTo: unknown): string {
  const isLocal = typeof returnTo === 'string' && /^\/(?![/\\])[\x21-\x7e]{0,200}$/.test(returnTo);
  return isLocal ? returnTo : '/account';
}

/** Browsers send `Origin` along with every form they post. Another one, or none, is not a form of this site. */
export const refuseForeignForms: RequestHandler = (req, _res, next) => {
  const isSafe = req.method === 'GET' || req.method === 'HEAD';
  if (isSafe || req.get('Origin') === `${req.protocol}://${req.host}`) next();
  else next(Object.assign(new Error('The form was posted from another site.'), { status: 403 }));
};

/** @param pictureSource where else than here pictures may come from */
export function setSecurityHeaders(pictureSource: string): RequestHandler {
  const headers = {
    'Content-Security-Policy': [
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      `img-src 'self' ${pictureSource}`,
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    // The URL of the callback holds a code. Not `no-referrer`, which takes the `Origin` from forms as well.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
  return (_req, res, next) => {
    res.set(headers);
    next();
  };
}

/** Pages about a person are for that person only, and not for the back button after signing out. */
export const forbidCaching: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};
