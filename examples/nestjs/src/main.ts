/*
 * NestJS on Express, with @nestjs/passport. It takes the files of this folder, and
 *
 *   npm install passport-metafy passport @nestjs/passport express-session
 *   npm install --save-dev @types/express-session
 *
 * in a project of `nest new`, which has the rest, and sets `experimentalDecorators` and `emitDecoratorMetadata`.
 */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { setUp } from './set-up.js';

async function serve(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  setUp(app);
  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
  console.log(await app.getUrl());
}

void serve();
