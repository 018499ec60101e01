import { startExample } from './support/example-server';
import { itSignsIn, type SiteTraits } from './support/site-behaviour';

const examples: Record<string, SiteTraits> = {
  'no-session': {},
  nestjs: {},
  'nestjs-tokens': {},
  'nestjs-fastify': {},
  fastify: {},
  koa: {},
  connect: {},
  'node-http': {},
};

for (const [name, traits] of Object.entries(examples)) {
  describe(`examples/${name}`, () => {
    itSignsIn((emulator) => startExample(name, emulator), traits);
  });
}
