import { grantAuthorization, refuseAuthorization } from './authorization-outcome';
import {
  AuthorizationProblem,
  type AuthorizationRequest,
  readAuthorizationRequest,
} from './authorization-request';
import { AUTHORIZE_PATH } from './authorize-endpoint';
import type { Configuration } from './configuration';
import type { Grants } from './grants';
import { Parameters, parseForm } from './parameters';
import { addToRedirectURI } from './redirect-uri';

/** What the person in the browser does. */
export interface MetafyEmulatorAuthorizeOptions {
  /**
   * Who signs in, by `slug` or `id`.
   * @default the first user
   */
  user?: string;
  /** Whether they deny. */
  deny?: boolean;
  /**
   * What they allow, if not all the application asks for.
   * @default everything that is asked for
   */
  scope?: string[];
}

const OPTION_NAMES = new Set(['user', 'deny', 'scope']);

/**
 * Takes an authorization URL the way a browser and its person would, without HTTP.
 *
 * @returns the URL the browser is sent back to
 * @throws {Error} saying what is wrong with the URL or the options.
 */
export async function authorizeInProcess(
  authorizationURL: URL,
  options: MetafyEmulatorAuthorizeOptions,
  emulator: { url: string; configuration: Configuration; grants: Grants },
): Promise<string> {
  const { url, configuration, grants } = emulator;
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.has(name));
  if (unknown !== undefined) throw new Error(`MetafyEmulator: ${unknown} is not an option of authorize().`);
  const request = readAuthorizationURL(authorizationURL, url, configuration);
  const userID = findUserID(options.user, configuration);
  const scope = options.scope ?? request.scope;
  const unasked = scope.find((name) => !request.scope.includes(name));
  if (unasked !== undefined) {
    throw new Error(`MetafyEmulator: the authorization URL does not ask for the scope “${unasked}”.`);
  }
  const outcome = options.deny
    ? refuseAuthorization(request)
    : await grantAuthorization(request, grants, userID, scope);
  return addToRedirectURI(request.redirectURI, outcome);
}

function findUserID(name: string | undefined, { users }: Configuration): string {
  const user = name === undefined ? users[0] : users.find(({ id, slug }) => id === name || slug === name);
  if (user) return user.id;
  throw new Error(`MetafyEmulator: there is no user with the slug or id “${name}”.`);
}

function readAuthorizationURL(
  { origin, pathname, search }: URL,
  emulatorURL: string,
  { applications }: Configuration,
): AuthorizationRequest {
  if (origin !== emulatorURL || pathname !== AUTHORIZE_PATH) {
    throw new Error(
      `MetafyEmulator: the authorization URL leads to ${origin}${pathname} instead of ${emulatorURL}${AUTHORIZE_PATH}.`,
    );
  }
  let request: AuthorizationRequest;
  try {
    request = readAuthorizationRequest(new Parameters(parseForm(search.slice(1))), applications);
  } catch (cause) {
    const code = cause instanceof AuthorizationProblem ? cause.code : 'bad request';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`MetafyEmulator: the authorize page would show an error (${code}): ${reason}`, { cause });
  }
  if (request.isFormPost) {
    throw new Error('MetafyEmulator: response_mode=form_post leads to a form, not to a URL.');
  }
  return request;
}
