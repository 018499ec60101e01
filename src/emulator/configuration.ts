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
  /** The `id` of the user its client-credentials tokens act for; without one `/v1/me` answers them with 403. */
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

/**
 * When a refresh ends the pair of tokens it started from. Doorkeeper knows both, and which one Metafy runs
 * is unknown: `on_use` when the new access token is first used, `immediate` at once.
 */
export type MetafyEmulatorRefreshMode = 'on_use' | 'immediate';

/** How to run an emulator; everything has a default. */
export interface MetafyEmulatorOptions {
  /** @default '127.0.0.1' */
  hostname?: string;
  /**
   * 0 lets the system choose.
   * @default 0
   */
  port?: number;
  /** @default one demo application */
  applications?: MetafyEmulatorApplication[];
  /** @default three people */
  users?: MetafyEmulatorUser[];
  /** @default 7200 */
  accessTokenLifetimeSeconds?: number;
  /** @default 600 */
  authorizationCodeLifetimeSeconds?: number;
  /** @default 'on_use' */
  refreshMode?: MetafyEmulatorRefreshMode;
}

/** An application with its scopes filled in. */
export interface Application extends MetafyEmulatorApplication {
  scopes: string[];
}

/** Options with every default filled in. */
export interface Configuration {
  readonly hostname: string;
  readonly port: number;
  readonly applications: readonly Application[];
  readonly users: readonly MetafyEmulatorUser[];
  readonly accessTokenLifetimeSeconds: number;
  readonly authorizationCodeLifetimeSeconds: number;
  /** The one thing that may change while the emulator runs. */
  refreshMode: MetafyEmulatorRefreshMode;
}
