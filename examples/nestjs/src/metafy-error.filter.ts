import { type ArgumentsHost, Catch, Logger } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { Response } from 'express';
import { MetafyError } from 'passport-metafy';
import { SignInRefused } from './metafy.guard.js';

@Catch()
export class MetafyErrorFilter extends BaseExceptionFilter {
  readonly #logger = new Logger('Metafy');

  override catch(error: unknown, host: ArgumentsHost) {
    const res = host.switchToHttp().getResponse<Response>();
    if (error instanceof SignInRefused) return res.redirect(`/login?refused=${error.getStatus()}`);
    if (!(error instanceof MetafyError)) return super.catch(error, host);
    if (error.code === 'login_required') return res.redirect('/auth/metafy');
    this.#logger.error(error);
    if (error.retryAfterMs) res.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
    res.status(error.status).send('Metafy is not available at the moment. Please try again.');
  }
}
