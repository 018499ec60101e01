import { MetafySignIn } from 'passport-metafy/web';
import { env } from '$env/dynamic/private';

let signIn: MetafySignIn | undefined;

// Not before the first request: `vite build` loads this module as well, where the environment variables may be missing.
export function getSignIn(): MetafySignIn {
  signIn ??= new MetafySignIn({
    clientID: env.METAFY_CLIENT_ID,
    clientSecret: env.METAFY_CLIENT_SECRET,
    callbackURL: `${env.ORIGIN}/auth/metafy/callback`,
    baseURL: env.METAFY_URL, // unset in production: metafy.gg
  });
  return signIn;
}
