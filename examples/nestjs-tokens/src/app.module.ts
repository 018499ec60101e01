import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { MetafyUserTokens } from 'passport-metafy';
import { AppController } from '../../nestjs/src/app.controller.js';
import { MetafyErrorFilter } from '../../nestjs/src/metafy-error.filter.js';
import { readClient } from './metafy-client.js';
import { ProfileController } from './profile.controller.js';
import { SignInWithTokens } from './sign-in-with-tokens.js';

@Module({
  imports: [ConfigModule.forRoot()],
  controllers: [AppController, ProfileController],
  providers: [
    {
      provide: MetafyUserTokens,
      inject: [ConfigService],
      useFactory: (config: ConfigService) =>
        new MetafyUserTokens({
          ...readClient(config),
          store: new Map(),
          secret: config.getOrThrow<string>('TOKEN_SECRET'),
        }),
    },
    SignInWithTokens,
    { provide: APP_FILTER, useClass: MetafyErrorFilter },
  ],
})
export class AppModule {}
