import { startExample } from '../support/example-server';
import { itSignsIn } from '../support/site-behaviour';

for (const name of [
  'no-session',
  'nestjs',
  'nestjs-tokens',
  'nestjs-fastify',
  'fastify',
  'koa',
  'connect',
  'node-http',
]) {
  describe(`examples/${name}`, () => {
    itSignsIn((emulator) => startExample(name, emulator));
  });
}
