import type { Cookies } from '@sveltejs/kit';
import { jwtVerify, SignJWT } from 'jose';
import { env } from '$env/dynamic/private';

export interface User {
  id: string;
  name: string;
}

function getKey(): Uint8Array {
  const { SESSION_SECRET = '' } = env;
  if (SESSION_SECRET.length < 32) throw new Error('SESSION_SECRET must have at least 32 characters.');
  return new TextEncoder().encode(SESSION_SECRET);
}

/** Keeps `user` signed in: in a cookie that is signed. */
export async function createSession(cookies: Cookies, user: User): Promise<void> {
  const token = await new SignJWT({ name: user.name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user.id)
    .setExpirationTime('8h')
    .sign(getKey());
  const secure = env.ORIGIN?.startsWith('https:') ?? true;
  cookies.set('session', token, { path: '/', secure, maxAge: 8 * 60 * 60 });
}

/** Who is signed in. */
export async function readSession(cookies: Cookies): Promise<User | undefined> {
  const token = cookies.get('session') ?? '';
  const verified = await jwtVerify(token, getKey(), { algorithms: ['HS256'] }).catch(() => undefined);
  return verified && { id: verified.payload.sub ?? '', name: String(verified.payload.name) };
}
