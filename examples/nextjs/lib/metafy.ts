import { MetafyCommunityAccess, MetafyUserTokens } from 'passport-metafy';
import { MetafySignIn } from 'passport-metafy/web';

const client = {
  clientID: process.env.METAFY_CLIENT_ID,
  clientSecret: process.env.METAFY_CLIENT_SECRET,
  baseURL: process.env.METAFY_URL, // unset in production: metafy.gg
};

function create() {
  const callbackURL = new URL('/auth/metafy/callback', process.env.APP_URL).href;
  // For one process. For more, a Keyv; see docs/tokens.md.
  const tokens = new MetafyUserTokens({ ...client, store: new Map(), secret: process.env.TOKEN_SECRET });
  return {
    signIn: new MetafySignIn({ ...client, callbackURL, scope: 'profile purchases' }),
    tokens,
    supporters: new MetafyCommunityAccess({ ...client, tokens, communityId: process.env.METAFY_COMMUNITY_ID ?? '' }),
  };
}

// In `globalThis`, since Next.js loads this module once for each route and page: they share the tokens in the Map. And not
// before the first request, since `next build` loads it as well, where the environment variables may be missing.
const shared = globalThis as { metafy?: ReturnType<typeof create> };

export function getMetafy(): ReturnType<typeof create> {
  shared.metafy ??= create();
  return shared.metafy;
}
