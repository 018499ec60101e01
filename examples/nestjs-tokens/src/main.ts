/*
 * NestJS on Express, as in ../../nestjs, with the user's tokens and the options from ConfigService. Beside what that takes:
 *
 *   npm install @nestjs/config
 */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { setUp } from '../../nestjs/src/set-up.js';
import { AppModule } from './app.module.js';

async function serve(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  setUp(app);
  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
  console.log(await app.getUrl());
}

void serve();
