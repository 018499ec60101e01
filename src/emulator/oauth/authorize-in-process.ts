import type { Configuration } from '../configuration';
import { Parameters, parseForm } from '../http/parameters';
import { findUser } from '../options';
import {
  type AuthorizationRequest,
  AuthorizationRequestError,
  readAuthorizationRequest,
} from './authorization-request';
import { allow, deny } from './authorization-response';
import type { GrantStore } from './grant-store';

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

/**
 * Does what a browser and its person would do with an authorization URL, without HTTP.
 *
 * @param pageURL of the authorize page
 * @returns the URL the browser is sent back to
 * @throws {Error} saying what is wrong with the URL or the options.
 */
export function authorizeInProcess(
  { origin, pathname, search }: URL,
  options: MetafyEmulatorAuthorizeOptions,
  pageURL: string,
  configuration: Configuration,
  store: GrantStore,
): string {
  const unknown = Object.keys(options).find((name) => !['user', 'deny', 'scope'].includes(name));
  if (unknown !== undefined) throw new TypeError(`${unknown} is not an option of authorize().`);
  if (origin + pathname !== pageURL) {
    throw new Error(`The authorization URL leads to ${origin}${pathname} instead of ${pageURL}.`);
  }
  const request = readRequest(search, configuration);
  const userID = findUser(configuration, options.user ?? configuration.users[0]?.id).id;
  const scope = options.scope ?? request.scope;
  const unasked = scope.find((name) => !request.scope.includes(name));
  if (unasked !== undefined) {
    throw new Error(`The authorization URL does not ask for the scope “${unasked}”.`);
  }
  return options.deny ? deny(request) : allow(request, store, userID, scope);
}

function readRequest(search: string, { applications }: Configuration): AuthorizationRequest {
  try {
    return readAuthorizationRequest(new Parameters(parseForm(search.slice(1))), applications);
  } catch (cause) {
    const code = cause instanceof AuthorizationRequestError ? cause.code : 'bad request';
    const { message } = cause as Error;
    throw new Error(`The authorize page would show an error (${code}): ${message}`, { cause });
  }
}
