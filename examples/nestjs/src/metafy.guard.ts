import { type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import type { User } from './metafy.strategy.js';

/** Nobody was signed in: 401, 403 or 400. */
export class SignInRefused extends HttpException {}

@Injectable()
export class MetafyGuard extends AuthGuard('metafy') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    // Keeps the user in the session.
    await this.logIn(context.switchToHttp().getRequest());
    return true;
  }

  // Nest's own answers 401 for whatever reason.
  override handleRequest<Found = User>(
    error: Error | null,
    user: Found | false | null,
    info: { message?: string } | undefined,
    _context: ExecutionContext,
    status = 401,
  ): Found {
    if (error) throw error;
    if (!user) throw new SignInRefused(info?.message ?? 'You were not signed in.', status);
    return user;
  }

  override getAuthenticateOptions(context: ExecutionContext) {
    const { returnTo } = context.switchToHttp().getRequest<Request>().query;
    return { state: typeof returnTo === 'string' ? returnTo : undefined };
  }
}
