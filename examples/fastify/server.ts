/*
 * Fastify, with @fastify/passport and a session on the server.
 *
 *   npm install passport-metafy fastify @fastify/passport @fastify/session @fastify/cookie
 */
import cookie from '@fastify/cookie';
import { Authenticator } from '@fastify/passport';
import session from '@fastify/session';
import fastify from 'fastify';
import { MetafyStrategy } from 'passport-metafy';

const { METAFY_URL, SESSION_SECRET, PORT = '3000' } = process.env;
if (!SESSION_SECRET) throw new Error('SESSION_SECRET is missing.');

const passport = new Authenticator();
passport.use(
  new MetafyStrategy(
    {
      clientID: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      callbackURL: '/auth/metafy/callback',
      baseURL: METAFY_URL,
    },
    ({ profile }) => ({ id: profile.id, name: profile.displayName }),
  ),
);
passport.registerUserSerializer(async (user) => user);
passport.registerUserDeserializer(async (user) => user);

const app = fastify();
app.register(cookie);
app.register(session, { secret: SESSION_SECRET, saveUninitialized: false, cookie: { secure: 'auto' } });
app.register(passport.initialize());
app.register(passport.secureSession());

// The sign-in's cookie needs a response at `request.res`, which Fastify does not have.
app.addHook('onRequest', async (request, reply) => {
  const getHeader = (name: string) => reply.getHeader(name);
  // `header` alone adds to `Set-Cookie`.
  const setHeader = (name: string, value: unknown) => reply.removeHeader(name).header(name, value);
  Object.assign(request, { res: { getHeader, setHeader } });
});

app.get('/auth/metafy', { preValidation: passport.authenticate('metafy') }, async () => {});
app.get(
  '/auth/metafy/callback',
  { preValidation: passport.authenticate('metafy', { successRedirect: '/', failureRedirect: '/login' }) },
  async () => {},
);
app.get('/login', async (_request, reply) => {
  reply.type('text/html');
  return '<a href="/auth/metafy">Sign in with Metafy</a>';
});
app.get('/', async (request, reply) => {
  const user = request.user as { name?: string } | null;
  return user ? `Hello, ${user.name}` : reply.redirect('/login');
});

app.listen({ host: '127.0.0.1', port: Number(PORT) }).then((url) => console.log(url));
