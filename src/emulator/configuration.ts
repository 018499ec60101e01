/** An application that is registered with the emulator. */
export interface MetafyEmulatorApplication {
  clientID: string;
  clientSecret: string;
  /** What the consent page calls it. */
  name: string;
  /** Absolute URIs without a fragment. On a loopback address, not on `localhost`, any port is accepted. */
  redirectURIs: string[];
  /**
   * What it may ask for.
   * @default ['profile', 'community', 'purchases', 'products']
   */
  scopes?: string[];
  /** The `id` of the user its client-credentials tokens act for; without one the API answers them with 403. */
  ownerID?: string;
}

/** A person with an account: the JSON of `/v1/me`'s `user`, key by key. */
export interface MetafyEmulatorUser {
  id: string;
  slug: string;
  name: string;
  email?: string | null;
  /** A value that begins with `/` is completed with the emulator's own URL; it serves `/avatars/{id}.svg`. */
  avatar_url?: string | null;
  partner?: boolean;
  [other: string]: unknown;
}

/** A community: the JSON of the API, key by key, with its owner, subscriptions and followers beside it. */
export interface MetafyEmulatorCommunity {
  id: string;
  title: string;
  description?: string | null;
  logo_url?: string | null;
  cover_url?: string | null;
  url?: string | null;
  tiers: MetafyEmulatorTier[];
  /** The `id` of the user who owns it; a user owns one at most. */
  ownerID: string;
  /** @default [] */
  subscriptions?: MetafyEmulatorSubscription[];
  /**
   * The `id`s of the users who follow it, which is what the API calls a membership: it is free, and a paying
   * supporter need not be among them.
   * @default []
   */
  followerIDs?: string[];
}

/** What a supporter of a community pays for. */
export interface MetafyEmulatorTier {
  id: string;
  name: string;
}

/** A user's support of a community. */
export interface MetafyEmulatorSubscription {
  /** The `id` of the user. */
  userID: string;
  /** The `id` of the tier; Metafy has been seen to answer `null`. */
  tierID: string | null;
  /** @default false */
  isLapsed?: boolean;
}

/** A key for the API, made in the account's settings; it is sent as a bearer token, in the header only. */
export interface MetafyEmulatorAPIKey {
  /** `api-` and 43 URL-safe characters. */
  key: string;
  /** The `id` of the user it acts for. */
  ownerID: string;
  /** @default ['profile', 'community', 'purchases', 'products'] */
  scopes?: string[];
}

/**
 * How the API says that a user does not support a community: 404, 200 with `has_access: false`, or by their
 * history, which is 404 for who never has and `has_access: false` for whose subscription has lapsed. Production
 * has both forms, and when it uses which is unknown.
 */
export type MetafyEmulatorNoAccessForm = 'by_history' | 'not_found' | 'has_access_false';

/**
 * When a refresh ends the pair of tokens it started from. Doorkeeper knows both, and which one Metafy runs
 * is unknown: `on_use` when the new access token is first used, `immediate` at once.
 */
export type MetafyEmulatorRefreshMode = 'on_use' | 'immediate';

/** How to run an emulator; everything has a default. */
export interface MetafyEmulatorOptions {
  /**
   * The address to listen on. As long as it is one of this machine's own, only requests whose `Host` is
   * `localhost`, a name below it, a loopback address or this hostname are answered; others get a 421.
   * @default '127.0.0.1'
   */
  hostname?: string;
  /**
   * 0 lets the system choose.
   * @default 0
   */
  port?: number;
  /** @default one demo application */
  applications?: MetafyEmulatorApplication[];
  /** @default six people */
  users?: MetafyEmulatorUser[];
  /** @default a demo community of the default users, none of other users */
  communities?: MetafyEmulatorCommunity[];
  /** @default a key of the demo community's owner, none with other users */
  apiKeys?: MetafyEmulatorAPIKey[];
  /**
   * The most that a page of a list holds, from 1 to 100: with few people a small size gives several pages.
   * @default 100
   */
  pageSize?: number;
  /** @default 'by_history' */
  noAccessForm?: MetafyEmulatorNoAccessForm;
  /**
   * Whether the 403 for a missing scope says `insufficient_scope` in `WWW-Authenticate`. Older versions of
   * Doorkeeper have no such header, and which one Metafy runs is unknown.
   * @default true
   */
  insufficientScopeHeader?: boolean;
  /** @default 7200 */
  accessTokenLifetimeSeconds?: number;
  /** @default 600 */
  authorizationCodeLifetimeSeconds?: number;
  /** @default 'on_use' */
  refreshMode?: MetafyEmulatorRefreshMode;
}

/** An application with its scopes filled in. */
export type Application = MetafyEmulatorApplication & { scopes: string[] };

/** A community with all of its lists. */
export type Community = MetafyEmulatorCommunity &
  Required<Pick<MetafyEmulatorCommunity, 'subscriptions' | 'followerIDs'>>;

/** Options with every default filled in. What methods of the emulator change, they change here. */
export type Configuration = Required<Omit<MetafyEmulatorOptions, 'applications' | 'communities' | 'apiKeys'>> & {
  applications: Application[];
  communities: Community[];
  apiKeys: Required<MetafyEmulatorAPIKey>[];
};
