import { MetafyCommunityAccess, MetafyUserTokens } from 'passport-metafy';
import { MetafySignIn } from 'passport-metafy/web';

function create() {
  const client = {
    clientID: readVariable('METAFY_CLIENT_ID'),
    clientSecret: readVariable('METAFY_CLIENT_SECRET'),
    baseURL: process.env.METAFY_URL, // unset in production: metafy.gg
  };
  const callbackURL = `${readVariable('APP_URL')}/auth/metafy/callback`;
  // For one process. For more, a Keyv; see docs/tokens.md.
  const tokens = new MetafyUserTokens({ ...client, store: new Map(), secret: readVariable('TOKEN_SECRET') });
  return {
    signIn: new MetafySignIn({ ...client, callbackURL, scope: 'profile purchases' }),
    tokens,
    supporters: new MetafyCommunityAccess({ ...client, tokens, communityId: readVariable('METAFY_COMMUNITY_ID') }),
  };
}

function readVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`Set the environment variable ${name}.`);
  return value;
}

// In `globalThis`, since Next.js loads this module once for each route and page: they share the tokens in the Map. And not
// before the first request, since `next build` loads it as well, where the environment variables may be missing.
const shared = globalThis as { metafy?: ReturnType<typeof create> };

export function getMetafy(): ReturnType<typeof create> {
  shared.metafy ??= create();
  return shared.metafy;
}
