import { Controller, Get, Post, Redirect, Req, UseGuards } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Request } from 'express';
import { MetafyUserTokens } from 'passport-metafy';
import type { User } from '../../nestjs/src/metafy.strategy.js';
import { SignedInGuard } from '../../nestjs/src/signed-in.guard.js';

@Controller()
@UseGuards(SignedInGuard)
export class ProfileController {
  constructor(
    private readonly config: ConfigService,
    private readonly userTokens: MetafyUserTokens,
  ) {}

  @Get('profile')
  async showProfile(@Req() req: Request): Promise<unknown> {
    const { accessToken } = await this.userTokens.get((req.user as User).id);
    const metafy = this.config.get<string>('METAFY_URL', 'https://metafy.gg');
    const headers = { Authorization: `Bearer ${accessToken}` };
    return (await fetch(`${metafy}/irk/api/v1/me`, { headers })).json();
  }

  @Post('disconnect')
  @Redirect('/')
  async disconnect(@Req() req: Request): Promise<void> {
    await this.userTokens.revoke((req.user as User).id);
  }
}
