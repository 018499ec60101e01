import { createHash } from 'node:crypto';
import { type Answer, REVALIDATE } from './answers';
import type { Markup } from './pages/html';
import { STYLE } from './pages/style';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * A page, with headers that let it do nothing but be read and post its forms.
 *
 * @param formTargets sources for CSP's `form-action`
 */
export function pageAnswer(page: Markup, formTargets: string): Answer {
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': REVALIDATE,
      'Content-Security-Policy': [
        "default-src 'none'",
        `style-src 'sha256-${STYLE_HASH}'`,
        "img-src 'self'",
        `form-action ${formTargets}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    },
    body: page.toString(),
  };
}

/**
 * Where a form may lead that ends at the application.
 *
 * Chromium applies `form-action` to every redirect after the post as well, and an application's callback
 * often sends the browser on to another origin, such as its front end on another port. So all of the web is
 * allowed, and the scheme of the redirect URI when it is an app's own.
 */
export function applicationFormTargets(redirectURI: string): string {
  const { protocol } = new URL(redirectURI);
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return `'self' http: https:${isWeb ? '' : ` ${protocol}`}`;
}
