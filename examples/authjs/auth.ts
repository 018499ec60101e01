import type { AuthConfig } from '@auth/core';

const metafyURL = process.env.METAFY_URL ?? 'https://metafy.gg'; // unset in production

export const authConfig: AuthConfig = {
  basePath: '/auth',
  secret: process.env.SESSION_SECRET,
  trustHost: true,
  providers: [
    {
      id: 'metafy',
      name: 'Metafy',
      type: 'oauth',
      clientId: process.env.METAFY_CLIENT_ID,
      clientSecret: process.env.METAFY_CLIENT_SECRET,
      client: { token_endpoint_auth_method: 'client_secret_post' },
      authorization: { url: `${metafyURL}/auth/authorize`, params: { scope: 'profile' } },
      token: `${metafyURL}/irk/oauth/token`,
      userinfo: `${metafyURL}/irk/api/v1/me`,
      checks: ['pkce', 'state'],
      profile: ({ user }) => ({ id: user.id, name: user.name, email: user.email, image: user.avatar_url }),
    },
  ],
};
