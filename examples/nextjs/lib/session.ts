import { jwtVerify, SignJWT } from 'jose';
import { cookies } from 'next/headers';

export interface User {
  id: string;
  name: string;
}

const name = 'session';
const lifetimeSeconds = 8 * 60 * 60;

function getKey(): Uint8Array {
  const { SESSION_SECRET = '' } = process.env;
  if (SESSION_SECRET.length < 32) throw new Error('SESSION_SECRET must have at least 32 characters.');
  return new TextEncoder().encode(SESSION_SECRET);
}

/** Keeps `user` signed in: in a cookie that is signed. */
export async function createSession(user: User): Promise<void> {
  const token = await new SignJWT({ name: user.name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user.id)
    .setExpirationTime(`${lifetimeSeconds}s`)
    .sign(getKey());
  const secure = process.env.APP_URL?.startsWith('https:') ?? true;
  (await cookies()).set(name, token, { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: lifetimeSeconds });
}

/** Who is signed in. */
export async function readSession(): Promise<User | undefined> {
  const token = (await cookies()).get(name)?.value ?? '';
  const verified = await jwtVerify(token, getKey(), { algorithms: ['HS256'] }).catch(() => undefined);
  return verified && { id: verified.payload.sub ?? '', name: String(verified.payload.name) };
}

export async function endSession(): Promise<void> {
  (await cookies()).delete(name);
}
