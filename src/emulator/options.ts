import { DEFAULT_SCOPES, DEMO_APPLICATION, DEMO_USERS } from './demo-data';

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
export type Application = MetafyEmulatorApplication & { scopes: string[] };

/** Options with every default filled in. */
export type Configuration = Required<MetafyEmulatorOptions> & { applications: Application[] };

/**
 * The configuration that options describe.
 *
 * @throws {TypeError} naming the option that cannot be used, and why.
 */
export function readOptions(options: MetafyEmulatorOptions = {}): Configuration {
  const { users = DEMO_USERS } = options;
  const defaults: Required<MetafyEmulatorOptions> = {
    hostname: '127.0.0.1',
    port: 0,
    applications: [{ ...DEMO_APPLICATION, ownerID: users[0]?.id }],
    users,
    accessTokenLifetimeSeconds: 7200,
    authorizationCodeLifetimeSeconds: 600,
    refreshMode: 'on_use',
  };
  const unknown = Object.keys(options).find((name) => !(name in defaults));
  check(unknown === undefined, `${unknown}`, 'is not an option of MetafyEmulator');
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const configuration = { ...defaults, ...Object.fromEntries(given) };

  const { hostname, port, applications } = configuration;
  check(isText(hostname), 'hostname', 'must be a non-empty string');
  check(Number.isInteger(port) && port >= 0 && port <= 65535, 'port', 'must be an integer from 0 to 65535');
  for (const name of ['accessTokenLifetimeSeconds', 'authorizationCodeLifetimeSeconds'] as const) {
    const seconds = configuration[name];
    check(Number.isInteger(seconds) && seconds > 0, name, 'must be a positive integer');
  }
  checkRefreshMode(configuration.refreshMode);
  checkList(users, 'users', ['id', 'slug'], checkUser);
  checkList(applications, 'applications', ['clientID'], (application, at) => {
    checkApplication(application, at, users);
  });
  return structuredClone({
    ...configuration,
    applications: applications.map((application) => ({ scopes: DEFAULT_SCOPES, ...application })),
  });
}

/**
 * A user by `slug` or `id`.
 *
 * @throws {Error} when there is none.
 */
export function findUser({ users }: Configuration, name: string | undefined): MetafyEmulatorUser {
  const user = users.find(({ id, slug }) => id === name || slug === name);
  if (user) return user;
  throw new Error(`There is no user with the slug or id “${name}”.`);
}

/** @throws {TypeError} when the value is not a refresh mode. */
export function checkRefreshMode(mode: MetafyEmulatorRefreshMode): void {
  check(mode === 'on_use' || mode === 'immediate', 'refreshMode', "must be 'on_use' or 'immediate'");
}

function checkUser(user: MetafyEmulatorUser, at: string): void {
  for (const key of ['id', 'slug', 'name'] as const) {
    check(isText(user[key]), `${at}.${key}`, 'must be a non-empty string');
  }
}

function checkApplication(
  application: MetafyEmulatorApplication,
  at: string,
  users: MetafyEmulatorUser[],
): void {
  for (const key of ['clientID', 'clientSecret'] as const) {
    const isVisible = isText(application[key]) && /^[\x20-\x7e]+$/.test(application[key]);
    check(isVisible, `${at}.${key}`, 'must be a non-empty string of printable ASCII characters');
  }
  const { name, redirectURIs, scopes = [], ownerID = users[0]?.id } = application;
  check(isText(name), `${at}.name`, 'must be a non-empty string');
  const hasRedirectURIs = Array.isArray(redirectURIs) && redirectURIs.length > 0;
  check(
    hasRedirectURIs && redirectURIs.every(isRedirectURI),
    `${at}.redirectURIs`,
    'must be a non-empty array of absolute URIs without a fragment',
  );
  const areScopes = Array.isArray(scopes) && scopes.every(isScope);
  check(areScopes, `${at}.scopes`, 'must be an array of scope names without spaces');
  checkUserID(ownerID, `${at}.ownerID`, users);
}

function checkUserID(id: unknown, at: string, users: MetafyEmulatorUser[]): void {
  check(
    users.some((user) => user.id === id),
    at,
    'must be the id of one of the users',
  );
}

/** Checks each item, and that none has the same value as another for one of the keys. */
function checkList<Key extends string, Item extends Readonly<Record<Key, unknown>>>(
  list: readonly Item[],
  name: string,
  uniqueKeys: readonly Key[],
  checkItem: (item: Item, at: string) => void,
): void {
  check(Array.isArray(list) && list.length > 0, name, 'must be a non-empty array');
  list.forEach((item, index) => {
    check(typeof item === 'object' && item !== null, `${name}[${index}]`, 'must be an object');
    checkItem(item, `${name}[${index}]`);
  });
  for (const key of uniqueKeys) {
    const isUnique = new Set(list.map((item) => item[key])).size === list.length;
    check(isUnique, name, `must not have the same ${key} twice`);
  }
}

function check(isValid: boolean, option: string, requirement: string): asserts isValid {
  if (!isValid) throw new TypeError(`${option} ${requirement}.`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isScope(value: unknown): boolean {
  return isText(value) && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}

function isRedirectURI(value: unknown): boolean {
  return isText(value) && URL.canParse(value) && !value.includes('#');
}
