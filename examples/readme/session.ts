import { createHmac } from 'node:crypto';
import type { MetafyProfile } from 'passport-metafy/web';

const { SESSION_SECRET = '' } = process.env;

/** Stands for an application's own session: the `Set-Cookie` line that says who is signed in. */
export async function createSession({ id }: MetafyProfile): Promise<string> {
  const signature = createHmac('sha256', SESSION_SECRET).update(id).digest('base64url');
  return `session=${encodeURIComponent(id)}.${signature}; Path=/; HttpOnly; Secure; SameSite=Lax`;
}
