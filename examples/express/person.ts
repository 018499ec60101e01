import type { Request } from 'express';
import type { MetafyProfile } from 'passport-metafy';

/** Who is signed in: what this demo keeps of a Metafy profile. */
export interface Person {
  id: string;
  name: string;
  slug: string | undefined;
  email: string | undefined;
  picture: string | undefined;
}

export function toPerson({ id, displayName, username, emails, photos }: MetafyProfile): Person {
  return {
    id,
    name: displayName ?? username ?? 'Somebody',
    slug: username,
    email: emails?.[0].value,
    picture: photos?.[0].value,
  };
}

/** Who is signed in, if anybody is. */
export function getPerson(req: Request): Person | undefined {
  return req.user as Person | undefined;
}
