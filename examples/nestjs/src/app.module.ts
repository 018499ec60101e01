import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AppController } from './app.controller.js';
import { SignInWithMetafy } from './metafy.strategy.js';
import { MetafyErrorFilter } from './metafy-error.filter.js';

@Module({
  controllers: [AppController],
  providers: [SignInWithMetafy, { provide: APP_FILTER, useClass: MetafyErrorFilter }],
})
export class AppModule {}
