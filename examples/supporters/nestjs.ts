import { promisify } from 'node:util';
import { type CanActivate, type ExecutionContext, HttpException } from '@nestjs/common';
import type { Request } from 'express';
import { type MetafyCommunityAccess, MetafyError } from 'passport-metafy';

/** For `@UseGuards(new SupporterGuard(access))`. */
export class SupporterGuard implements CanActivate {
  readonly #requireSupport;

  constructor(access: MetafyCommunityAccess) {
    this.#requireSupport = promisify(access.guard((req: Request) => (req.user as { id: string } | undefined)?.id));
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    try {
      await this.#requireSupport(context.switchToHttp().getRequest<Request>(), undefined);
      return true;
    } catch (error) {
      // Nest answers 500 to what is not its own.
      throw error instanceof MetafyError ? new HttpException(error.code, error.status, { cause: error }) : error;
    }
  }
}
