import { parseCookie } from 'cookie';
import { MetafyCommunityAccess } from '../../api/community-access';
import { MetafyError, MetafySignInError } from '../../errors';
import type { MetafyProfile } from '../../metafy/profile';
import { MetafyUserTokens } from '../../tokens/user-tokens';
import { MetafySignIn } from '../../web';
import { renderAccountPage, renderMessagePage, renderStartPage, styleSheet } from './pages';

/** The application's registration at Metafy, where Metafy is, and the community whose supporters it looks for. */
export interface ApplicationOptions {
  client: { clientID: string; clientSecret: string; baseURL: string };
  community: { id: string; title: string; tiers: readonly { id: string; name: string }[] };
}

const sessionCookie = 'metafy-demo-session';

/** Signs people in and out, and shows them whether they support the community. Everything is in memory. */
export function createApplication({ client, community }: ApplicationOptions): (request: Request) => Promise<Response> {
  const signIn = new MetafySignIn({ ...client, callbackURL: '/auth/metafy/callback', scope: 'profile purchases' });
  const tokens = new MetafyUserTokens({ ...client, store: new Map() });
  const access = new MetafyCommunityAccess({ ...client, tokens, communityId: community.id });
  const sessions = new Map<string, MetafyProfile>();
  const policy = [
    ...["default-src 'none'", "style-src 'self'", `img-src ${client.baseURL}`],
    ...["form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"],
  ].join('; ');

  async function respond(request: Request): Promise<Response> {
    const session = parseCookie(request.headers.get('cookie') ?? '')[sessionCookie] ?? '';
    switch (`${request.method} ${new URL(request.url).pathname}`) {
      case 'GET /':
      case 'HEAD /':
        return showHome(session);
      case 'GET /auth/metafy':
        return signIn.start(request);
      case 'GET /auth/metafy/callback':
        return finishSignIn(request, session);
      case 'POST /sign-out':
        return signOut(session);
      case 'GET /favicon.ico':
        return new Response(null, { status: 204 });
      case 'GET /style.css':
        return new Response(styleSheet, { headers: { 'Content-Type': 'text/css; charset=utf-8' } });
      default:
        return toPage(renderMessagePage('Page not found', 'There is no page at this address.'), 404);
    }
  }

  async function showHome(session: string): Promise<Response> {
    const profile = sessions.get(session);
    if (!profile) return toPage(renderStartPage());
    return toPage(renderAccountPage({ profile, access: await access.check(profile.id), community }));
  }

  async function finishSignIn(request: Request, oldSession: string): Promise<Response> {
    const { profile, tokens: granted, headers } = await signIn.finish(request);
    await tokens.set(profile.id, granted);
    await access.forget(profile.id);
    // A new id for each sign-in: one that somebody else put into this browser stays worthless.
    sessions.delete(oldSession);
    const session = crypto.randomUUID();
    sessions.set(session, profile);
    headers.append('Set-Cookie', `${sessionCookie}=${session}; Path=/; HttpOnly; SameSite=Lax`);
    headers.set('Location', '/');
    return new Response(null, { status: 303, headers });
  }

  async function signOut(session: string): Promise<Response> {
    const profile = sessions.get(session);
    // First, so that the person is signed out whatever Metafy answers.
    sessions.delete(session);
    if (profile) {
      try {
        await tokens.revoke(profile.id);
        await access.forget(profile.id);
      } catch (error) {
        if (!(error instanceof MetafyError)) throw error;
        const text =
          'Metafy did not confirm that it revoked this application’s access. To try again, sign in and sign out once more.';
        return toPage(renderMessagePage('You are signed out', text, signInLink), error.status);
      }
    }
    const headers = {
      Location: '/',
      'Set-Cookie': `${sessionCookie}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`,
    };
    return new Response(null, { status: 303, headers });
  }

  return async (request) => {
    const response = await respond(request).catch((error: unknown) => explainError(error, request.url));
    response.headers.set('Cache-Control', 'no-store');
    response.headers.set('Content-Security-Policy', policy);
    response.headers.set('X-Content-Type-Options', 'nosniff');
    return response;
  };
}

function explainError(error: unknown, url: string): Response {
  if (error instanceof MetafySignInError) {
    const [title, text] = signInErrors[error.code];
    return toPage(renderMessagePage(title, text, signInLink), error.status, error.headers);
  }
  if (!(error instanceof MetafyError)) throw error;
  if (error.code === 'login_required' || error.code === 'insufficient_scope') {
    const text = 'Metafy no longer lets this application see your account.';
    return toPage(renderMessagePage('Please sign in again', text, signInLink), error.status);
  }
  const link = new URL(url).pathname === '/' ? { href: '/', label: 'Try again' } : signInLink;
  return toPage(renderMessagePage('Metafy is not available', 'Please try again in a moment.', link), error.status);
}

const signInLink = { href: '/auth/metafy', label: 'Sign in with Metafy' };

const signInErrors: Record<MetafySignInError['code'], [title: string, text: string]> = {
  access_denied: [
    'You did not allow access',
    'Nothing was shared with this application. You can change your mind at any time.',
  ],
  unknown_state: [
    'Sign-in failed',
    'This sign-in has already finished or was started in another browser, or your browser blocks cookies.',
  ],
  expired_state: ['This sign-in took too long', 'Please sign in again.'],
  stale_code: ['This sign-in has already finished', 'Please sign in again.'],
  malformed_response: ['This link does not work', 'It is incomplete or has been changed.'],
};

function toPage(text: string, status = 200, headers?: Headers): Response {
  const response = new Response(text, { status, headers });
  response.headers.set('Content-Type', 'text/html; charset=utf-8');
  return response;
}
