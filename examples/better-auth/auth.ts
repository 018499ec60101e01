import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { genericOAuth } from 'better-auth/plugins';

const metafyURL = process.env.METAFY_URL ?? 'https://metafy.gg'; // unset in production

interface MetafyUser {
  id: string;
  name?: string | null;
  email?: string | null;
  avatar_url?: string | null;
}

export const auth = betterAuth({
  baseURL: process.env.APP_URL,
  secret: process.env.SESSION_SECRET,
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }), // your own instead
  plugins: [
    genericOAuth({
      config: [
        {
          providerId: 'metafy',
          clientId: process.env.METAFY_CLIENT_ID ?? '',
          clientSecret: process.env.METAFY_CLIENT_SECRET,
          tokenEndpointAuth: { method: 'client_secret_post' },
          authorizationUrl: `${metafyURL}/auth/authorize`,
          tokenUrl: `${metafyURL}/irk/oauth/token`,
          scopes: ['profile'],
          // Not `userInfoUrl`: Metafy puts the user into an object.
          async getUserInfo({ accessToken }) {
            const headers = { Authorization: `Bearer ${accessToken}` };
            const signal = AbortSignal.timeout(10_000);
            const response = await fetch(`${metafyURL}/irk/api/v1/me`, { headers, signal });
            if (!response.ok) return null;
            const { user } = (await response.json()) as { user: MetafyUser };
            return {
              id: user.id,
              name: user.name ?? '',
              // Better Auth needs one, and Metafy does not always give one.
              email: user.email ?? `${user.id}@metafy.invalid`,
              emailVerified: false,
              ...(user.avatar_url && { image: user.avatar_url }),
            };
          },
        },
      ],
    }),
  ],
});
