import type {
  Configuration,
  MetafyEmulatorApplication,
  MetafyEmulatorCommunity,
  MetafyEmulatorOptions,
  MetafyEmulatorRefreshMode,
  MetafyEmulatorUser,
} from './configuration';
import { DEFAULT_SCOPES, DEMO_API_KEY, DEMO_APPLICATION, DEMO_COMMUNITY, DEMO_USERS } from './demo-data';

/**
 * The configuration that options describe.
 *
 * @throws {TypeError} naming the option that cannot be used, and why.
 */
export function readOptions(options: MetafyEmulatorOptions = {}): Configuration {
  const { users = DEMO_USERS } = options;
  const isDemo = options.users === undefined;
  const defaults: Required<MetafyEmulatorOptions> = {
    hostname: '127.0.0.1',
    port: 0,
    applications: [isDemo ? DEMO_APPLICATION : { ...DEMO_APPLICATION, ownerID: users[0]?.id }],
    users,
    communities: isDemo ? [DEMO_COMMUNITY] : [],
    apiKeys: isDemo ? [DEMO_API_KEY] : [],
    pageSize: 100,
    noAccessForm: 'by_history',
    insufficientScopeHeader: true,
    accessTokenLifetimeSeconds: 7200,
    authorizationCodeLifetimeSeconds: 600,
    refreshMode: 'on_use',
  };
  const unknown = Object.keys(options).find((name) => !(name in defaults));
  check(unknown === undefined, `${unknown}`, `is not an option of MetafyEmulator: ${Object.keys(defaults).join(', ')}`);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const configuration = { ...defaults, ...Object.fromEntries(given) };

  const { hostname, port, applications, communities, apiKeys, pageSize, noAccessForm } = configuration;
  check(isText(hostname), 'hostname', 'must be a non-empty string');
  check(isInteger(port, 0, 65535), 'port', 'must be an integer from 0 to 65535');
  check(isInteger(pageSize, 1, 100), 'pageSize', 'must be an integer from 1 to 100');
  for (const name of ['accessTokenLifetimeSeconds', 'authorizationCodeLifetimeSeconds'] as const) {
    check(isInteger(configuration[name], 1), name, 'must be a positive integer');
  }
  checkRefreshMode(configuration.refreshMode);
  const isForm = ['by_history', 'not_found', 'has_access_false'].includes(noAccessForm);
  check(isForm, 'noAccessForm', "must be 'by_history', 'not_found' or 'has_access_false'");
  checkList(users, 'users', ['id', 'slug'], checkUser);
  check(users.length > 0, 'users', 'must be a non-empty array');
  checkList(applications, 'applications', ['clientID'], (application, at) => {
    checkApplication(application, at, users);
  });
  check(applications.length > 0, 'applications', 'must be a non-empty array');
  checkList(communities, 'communities', ['id', 'ownerID'], (community, at) => {
    checkCommunity(community, at, users);
  });
  checkList(apiKeys, 'apiKeys', ['key'], ({ key, ownerID, scopes }, at) => {
    const isKey = isText(key) && /^api-[\w-]{43}$/.test(key);
    check(isKey, `${at}.key`, 'must be api- and 43 URL-safe characters');
    checkUserID(ownerID, `${at}.ownerID`, users);
    checkScopes(scopes, `${at}.scopes`);
  });
  return structuredClone({
    ...configuration,
    applications: applications.map((application) => ({ scopes: DEFAULT_SCOPES, ...application })),
    communities: communities.map((community) => ({ subscriptions: [], followerIDs: [], ...community })),
    apiKeys: apiKeys.map((apiKey) => ({ scopes: DEFAULT_SCOPES, ...apiKey })),
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

function checkApplication(application: MetafyEmulatorApplication, at: string, users: MetafyEmulatorUser[]): void {
  for (const key of ['clientID', 'clientSecret'] as const) {
    const isVisible = isText(application[key]) && /^[\x20-\x7e]+$/.test(application[key]);
    check(isVisible, `${at}.${key}`, 'must be a non-empty string of printable ASCII characters');
  }
  const { name, redirectURIs, scopes, ownerID = users[0]?.id } = application;
  check(isText(name), `${at}.name`, 'must be a non-empty string');
  const hasRedirectURIs = Array.isArray(redirectURIs) && redirectURIs.length > 0;
  check(
    hasRedirectURIs && redirectURIs.every(isRedirectURI),
    `${at}.redirectURIs`,
    'must be absolute URIs without a fragment, at least one',
  );
  checkScopes(scopes, `${at}.scopes`);
  checkUserID(ownerID, `${at}.ownerID`, users);
}

function checkCommunity(community: MetafyEmulatorCommunity, at: string, users: MetafyEmulatorUser[]): void {
  const { id, title, ownerID, tiers, subscriptions = [], followerIDs = [] } = community;
  check(isText(id), `${at}.id`, 'must be a non-empty string');
  check(isText(title), `${at}.title`, 'must be a non-empty string');
  checkUserID(ownerID, `${at}.ownerID`, users);
  checkList(tiers, `${at}.tiers`, ['id'], (tier, tierAt) => {
    check(isText(tier.id), `${tierAt}.id`, 'must be a non-empty string');
    check(isText(tier.name), `${tierAt}.name`, 'must be a non-empty string');
  });
  checkList(subscriptions, `${at}.subscriptions`, ['userID'], ({ userID, tierID }, subscriptionAt) => {
    checkUserID(userID, `${subscriptionAt}.userID`, users);
    const isTier = tierID === null || tiers.some((tier) => tier.id === tierID);
    check(isTier, `${subscriptionAt}.tierID`, 'must be the id of one of the tiers, or null');
  });
  check(Array.isArray(followerIDs), `${at}.followerIDs`, 'must be an array');
  for (const followerID of followerIDs) checkUserID(followerID, `${at}.followerIDs`, users);
}

function checkScopes(scopes: string[] = [], at: string): void {
  const areScopes = Array.isArray(scopes) && scopes.every(isScope);
  check(areScopes, at, 'must be an array of scope names without spaces');
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
  check(Array.isArray(list), name, 'must be an array');
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

function isInteger(value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
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
