import type {
  Application,
  Configuration,
  MetafyEmulatorApplication,
  MetafyEmulatorOptions,
  MetafyEmulatorRefreshMode,
  MetafyEmulatorUser,
} from './configuration';
import { DEFAULT_SCOPES, DEMO_APPLICATION, DEMO_USERS } from './demo-data';

const OPTION_NAMES = new Set([
  'hostname',
  'port',
  'applications',
  'users',
  'accessTokenLifetimeSeconds',
  'authorizationCodeLifetimeSeconds',
  'refreshMode',
]);

/**
 * The configuration that options describe.
 *
 * @throws {TypeError} naming the option that cannot be used, and why.
 */
export function readOptions(options: MetafyEmulatorOptions = {}): Configuration {
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.has(name));
  check(unknown === undefined, `${unknown}`, 'is not an option of MetafyEmulator');

  const { hostname = '127.0.0.1', port = 0, users = DEMO_USERS, refreshMode = 'on_use' } = options;
  check(isText(hostname), 'hostname', 'must be a non-empty string');
  check(Number.isInteger(port) && port >= 0 && port <= 65535, 'port', 'must be an integer from 0 to 65535');
  checkUsers(users);

  const { applications = [{ ...DEMO_APPLICATION, ownerID: users[0]?.id }] } = options;
  checkApplications(applications, users);
  checkRefreshMode(refreshMode);

  return {
    hostname,
    port,
    applications: applications.map(completeApplication),
    users: users.map((user) => ({ ...user })),
    accessTokenLifetimeSeconds: readSeconds(options, 'accessTokenLifetimeSeconds', 7200),
    authorizationCodeLifetimeSeconds: readSeconds(options, 'authorizationCodeLifetimeSeconds', 600),
    refreshMode,
  };
}

/** @throws {TypeError} when the value is not a refresh mode. */
export function checkRefreshMode(mode: MetafyEmulatorRefreshMode): void {
  check(mode === 'on_use' || mode === 'immediate', 'refreshMode', "must be 'on_use' or 'immediate'");
}

function completeApplication(application: MetafyEmulatorApplication): Application {
  const { redirectURIs, scopes = DEFAULT_SCOPES } = application;
  return { ...application, redirectURIs: [...redirectURIs], scopes: [...scopes] };
}

function readSeconds(
  options: MetafyEmulatorOptions,
  name: 'accessTokenLifetimeSeconds' | 'authorizationCodeLifetimeSeconds',
  fallback: number,
): number {
  const { [name]: seconds = fallback } = options;
  check(Number.isInteger(seconds) && seconds > 0, name, 'must be a positive integer');
  return seconds;
}

function checkUsers(users: MetafyEmulatorUser[]): void {
  check(Array.isArray(users) && users.length > 0, 'users', 'must be a non-empty array');
  users.forEach((user, index) => {
    for (const key of ['id', 'slug', 'name'] as const) {
      check(isText(user?.[key]), `users[${index}].${key}`, 'must be a non-empty string');
    }
  });
  checkUnique(users, 'users', 'id');
  checkUnique(users, 'users', 'slug');
}

function checkApplications(applications: MetafyEmulatorApplication[], users: MetafyEmulatorUser[]): void {
  check(Array.isArray(applications) && applications.length > 0, 'applications', 'must be a non-empty array');
  applications.forEach((application, index) => {
    const at = `applications[${index}]`;
    for (const key of ['clientID', 'clientSecret'] as const) {
      const isVisible = isText(application?.[key]) && /^[\x20-\x7e]+$/.test(application[key]);
      check(isVisible, `${at}.${key}`, 'must be a non-empty string of printable ASCII characters');
    }
    const { name, redirectURIs, scopes, ownerID } = application;
    check(isText(name), `${at}.name`, 'must be a non-empty string');
    check(
      Array.isArray(redirectURIs) && redirectURIs.length > 0 && redirectURIs.every(isRedirectURI),
      `${at}.redirectURIs`,
      'must be a non-empty array of absolute URIs without a fragment',
    );
    check(
      scopes === undefined || (Array.isArray(scopes) && scopes.every(isScope)),
      `${at}.scopes`,
      'must be an array of scope names without spaces',
    );
    check(
      ownerID === undefined || users.some((user) => user.id === ownerID),
      `${at}.ownerID`,
      'must be the id of one of the users',
    );
  });
  checkUnique(applications, 'applications', 'clientID');
}

function checkUnique<Key extends string>(
  list: readonly Readonly<Record<Key, string>>[],
  name: string,
  key: Key,
): void {
  const isUnique = new Set(list.map((item) => item[key])).size === list.length;
  check(isUnique, name, `must not have the same ${key} twice`);
}

function check(isRight: boolean, option: string, requirement: string): asserts isRight {
  if (!isRight) throw new TypeError(`MetafyEmulator: ${option} ${requirement}.`);
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
