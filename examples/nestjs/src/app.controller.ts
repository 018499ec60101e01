import { Controller, Get, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { toLocalPath } from './local-path.js';
import { MetafyGuard } from './metafy.guard.js';
import type { User } from './metafy.strategy.js';
import { SignedInGuard } from './signed-in.guard.js';

@Controller()
export class AppController {
  @Get('auth/metafy')
  @UseGuards(MetafyGuard)
  start(): void {
    // The guard has sent the browser to Metafy.
  }

  @Get('auth/metafy/callback')
  @UseGuards(MetafyGuard)
  finish(@Req() req: Request, @Res() res: Response): void {
    const { state } = req.authInfo as { state?: string };
    res.redirect(toLocalPath(state));
  }

  @Get('me')
  @UseGuards(SignedInGuard)
  showUser(@Req() req: Request): User {
    return req.user as User;
  }

  @Get('login')
  showLogin(@Query('refused') refused?: string): string {
    const cause = refused === '401' ? 'You declined. ' : 'The sign-in took too long, or your browser blocks cookies. ';
    return `${refused ? cause : ''}<a href="/auth/metafy">Sign in with Metafy</a>`;
  }

  @Get()
  greet(@Req() req: Request, @Res() res: Response): void {
    const user = req.user as User | undefined;
    if (user) res.type('text').send(`Hello, ${user.name}`);
    else res.redirect('/login');
  }
}
