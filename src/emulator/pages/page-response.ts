import { createHash } from 'node:crypto';
import { type EmulatorResponse, REVALIDATE } from '../http/response';
import type { Markup } from './html';
import { STYLE } from './style';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * A page, with headers that let it do nothing but be read and post its forms.
 *
 * @param formTargets sources for CSP's `form-action`
 */
export function pageResponse(page: Markup, formTargets: string, status = 200): EmulatorResponse {
  return {
    status,
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
