import cookie from '@fastify/cookie';
import { Authenticator } from '@fastify/passport';
import fastify, { type FastifyInstance } from 'fastify';
import { MetafyStrategy, type MetafyStrategyOptions } from '../../../../src';
import type { MetafyEmulator } from '../../../../src/emulator';
import type { Site } from '../../support/site-behaviour';

export interface FastifySiteParts {
  /** Registers the plugin that keeps sessions. */
  addSessions: (app: FastifyInstance) => void;
  strategy?: Partial<MetafyStrategyOptions>;
  /** Registers the hook of examples/fastify, which gives the request a response. */
  hasResponse?: boolean;
}

/** The site of `itSignsIn` on Fastify, in this process. */
export async function startFastifySite(emulator: MetafyEmulator, parts: FastifySiteParts): Promise<Site> {
  const passport = new Authenticator();
  const client = { clientID: 'metafy-demo', clientSecret: 'metafy-demo-secret', baseURL: emulator.url };
  const options = { ...client, callbackURL: '/auth/metafy/callback', ...parts.strategy };
  passport.use(new MetafyStrategy(options, ({ profile }) => ({ name: profile.displayName })));
  passport.registerUserSerializer(async (user) => user);
  passport.registerUserDeserializer(async (user) => user);

  const app = fastify();
  app.register(cookie);
  parts.addSessions(app);
  app.register(passport.initialize());
  app.register(passport.secureSession());
  if (parts.hasResponse) {
    app.addHook('onRequest', async (request, reply) => {
      const getHeader = (name: string) => reply.getHeader(name);
      const setHeader = (name: string, value: unknown) => reply.removeHeader(name).header(name, value);
      Object.assign(request, { res: { getHeader, setHeader } });
    });
  }
  const finish = { successRedirect: '/', failureRedirect: '/login' };
  app.get('/auth/metafy', { preValidation: passport.authenticate('metafy') }, async () => {});
  app.get('/auth/metafy/callback', { preValidation: passport.authenticate('metafy', finish) }, async () => {});
  app.get('/login', async () => 'Sign in with Metafy');
  app.get('/', async (request, reply) => {
    const user = request.user as { name?: string } | null;
    return user ? `Hello, ${user.name}` : reply.redirect('/login');
  });

  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, [Symbol.asyncDispose]: () => app.close() };
}
