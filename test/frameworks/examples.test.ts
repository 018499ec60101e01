import { startExample } from './support/example-server';
import { itSignsIn, type SiteTraits } from './support/site-behaviour';

const examples: Record<string, SiteTraits> = {
  'no-session': {},
  nestjs: { denialStatus: 401, strangerStatus: 403 },
  'nestjs-fastify': { denialStatus: 401, strangerStatus: 403 },
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
