import { respondToProfileRequest } from './api/api';
import type { MetafyEmulatorEndpoint } from './http/faults';
import type { EmulatorRequest } from './http/request';
import { type EmulatorResponse, errorResponse } from './http/response';
import type { GrantStore } from './oauth/grant-store';
import { respondToRevocation } from './oauth/revoke-endpoint';
import { TokenEndpoint } from './oauth/token-endpoint';
import type { Configuration, MetafyEmulatorUser } from './options';
import { AUTHORIZE_PATH, AuthorizeEndpoint, SIGN_IN_PATH, SIGN_OUT_PATH } from './pages/authorize-endpoint';
import { findAvatar } from './pages/avatar';

const ENDPOINTS: Readonly<Record<string, MetafyEmulatorEndpoint>> = {
  [AUTHORIZE_PATH]: 'authorize',
  '/irk/oauth/token': 'token',
  '/irk/oauth/revoke': 'revoke',
  '/irk/api/v1/me': 'me',
};

/** The endpoint at a path. */
export function findEndpoint(path: string): MetafyEmulatorEndpoint | undefined {
  return Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
}

/** Finds who answers a request; as in Rails, a path that exists for another method only is a 404. */
export class Router {
  readonly #configuration: Configuration;
  readonly #handlers: Readonly<Record<string, (request: EmulatorRequest) => EmulatorResponse>>;

  /** @param listUsers the users, with their avatars at absolute URLs */
  constructor(
    configuration: Configuration,
    store: GrantStore,
    listUsers: () => readonly MetafyEmulatorUser[],
  ) {
    const authorize = new AuthorizeEndpoint(configuration, store);
    const token = new TokenEndpoint(configuration, store);
    this.#configuration = configuration;
    this.#handlers = {
      [`GET ${AUTHORIZE_PATH}`]: (request) => authorize.show(request),
      [`POST ${AUTHORIZE_PATH}`]: (request) => authorize.decide(request),
      [`POST ${SIGN_IN_PATH}`]: (request) => authorize.signIn(request),
      [`POST ${SIGN_OUT_PATH}`]: (request) => authorize.signOut(request),
      'POST /irk/oauth/token': (request) => token.respond(request),
      'POST /irk/oauth/revoke': (request) => respondToRevocation(request, configuration, store),
      'GET /irk/api/v1/me': (request) => respondToProfileRequest(request, store, listUsers()),
    };
  }

  respond(request: EmulatorRequest): EmulatorResponse {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const handle = this.#handlers[`${method} ${request.path}`];
    if (handle) return handle(request);
    const avatar = method === 'GET' ? findAvatar(request.path, this.#configuration.users) : undefined;
    return avatar ?? errorResponse(404, request.headers.accept);
  }
}
