/*
 * Node's own server and nothing around it: Passport finds the user, the rest is the application's.
 *
 *   npm install passport-metafy passport cookie
 */
import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'cookie';
import passport from 'passport';
import { MetafyError, MetafyStrategy } from 'passport-metafy';

interface User {
  id: string;
  name?: string;
}

const { METAFY_URL, PORT = '3000' } = process.env;
const sessions = new Map<string, User>();

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

/** Redirects to Metafy, and then never resolves; or, for Metafy's callback, finds the user. */
function authenticate(req: IncomingMessage, res: ServerResponse): Promise<User | false> {
  // The sign-in's cookie needs the response there, as Express has it.
  Object.assign(req, { res });
  return new Promise((resolve, reject) => {
    const finish = (error: unknown, user?: User | false | null) => (error ? reject(error) : resolve(user || false));
    passport.authenticate('metafy', { session: false }, finish)(req, res, reject);
  });
}

const server = http.createServer(async (req, res) => {
  const redirect = (path: string) => res.writeHead(302, { Location: path }).end();
  const user = sessions.get(parse(req.headers.cookie ?? '').session ?? '');
  switch (req.url?.split('?')[0]) {
    case '/auth/metafy':
    case '/auth/metafy/callback':
      try {
        const signedIn = await authenticate(req, res);
        if (!signedIn) return redirect('/login');
        const session = randomUUID();
        sessions.set(session, signedIn);
        res.appendHeader('Set-Cookie', `session=${session}; Path=/; HttpOnly; SameSite=Lax`);
        return redirect('/');
      } catch (error) {
        console.error(error);
        return res.writeHead(error instanceof MetafyError ? error.status : 500).end();
      }
    case '/login':
      return res.setHeader('Content-Type', 'text/html').end('<a href="/auth/metafy">Sign in with Metafy</a>');
    case '/':
      if (!user) return redirect('/login');
      return res.setHeader('Content-Type', 'text/plain').end(`Hello, ${user.name}`);
    default:
      return res.writeHead(404).end();
  }
});

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
