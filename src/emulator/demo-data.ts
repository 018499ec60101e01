import type { MetafyEmulatorApplication, MetafyEmulatorUser } from './options';

/** What an application may ask for unless it says otherwise: the scopes Metafy is known to have. */
export const DEFAULT_SCOPES = ['profile', 'community', 'purchases', 'products'];

/** The people who exist unless the options name others: a full profile, one without email, one partner. */
export const DEMO_USERS: MetafyEmulatorUser[] = [
  {
    id: '3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41',
    name: 'Ada Coach',
    slug: 'ada-coach',
    email: 'ada@example.com',
    avatar_url: '/avatars/3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41.svg',
    partner: false,
  },
  {
    id: 'b81d0f52-37c6-4e0a-9c2d-51a7f4e86d03',
    name: 'Grace Student',
    slug: 'grace-student',
    email: null,
    avatar_url: '/avatars/b81d0f52-37c6-4e0a-9c2d-51a7f4e86d03.svg',
    partner: false,
  },
  {
    id: 'c4e97a28-6b1f-4d35-a0e8-9f3b2c7d5e16',
    name: 'Linus Partner',
    slug: 'linus-partner',
    email: 'linus@example.com',
    avatar_url: '/avatars/c4e97a28-6b1f-4d35-a0e8-9f3b2c7d5e16.svg',
    partner: true,
  },
];

/** The application that is registered unless the options name others. */
export const DEMO_APPLICATION: MetafyEmulatorApplication = {
  clientID: 'metafy-demo',
  clientSecret: 'metafy-demo-secret',
  name: 'Demo application',
  redirectURIs: ['http://localhost:3000/auth/metafy/callback', 'http://127.0.0.1:3000/auth/metafy/callback'],
  ownerID: DEMO_USERS[0]?.id,
};
