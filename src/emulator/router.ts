import { API, API_PATH, findCall } from './api/api';
import type { Configuration, MetafyEmulatorUser } from './configuration';
import type { MetafyEmulatorAnswer, MetafyEmulatorEndpoint } from './http/faults';
import type { EmulatorRequest } from './http/request';
import { type EmulatorResponse, errorResponse } from './http/response';
import type { GrantStore } from './oauth/grant-store';
import { respondToRevocation } from './oauth/revoke-endpoint';
import { TokenEndpoint } from './oauth/token-endpoint';
import { AUTHORIZE_PATH, AuthorizeEndpoint, SIGN_IN_PATH, SIGN_OUT_PATH } from './pages/authorize-endpoint';
import { findAvatar } from './pages/avatar';
import { showHomePage } from './pages/home';

const ENDPOINTS: Readonly<Record<string, MetafyEmulatorEndpoint>> = {
  [AUTHORIZE_PATH]: 'authorize',
  '/irk/oauth/token': 'token',
  '/irk/oauth/revoke': 'revoke',
};

/** The endpoint at a path. */
export function findEndpoint(path: string): MetafyEmulatorEndpoint | undefined {
  if (Object.hasOwn(ENDPOINTS, path)) return ENDPOINTS[path];
  return path.startsWith(`${API_PATH}/`) ? findCall(path.slice(API_PATH.length))?.endpoint : undefined;
}

/** Finds who answers a request; as in Rails, a path that exists for another method only is a 404. */
export class Router {
  readonly #configuration: Configuration;
  readonly #api: API;
  readonly #handlers: Readonly<Record<string, (request: EmulatorRequest) => EmulatorResponse>>;

  /** @param listUsers the users, with their avatars at absolute URLs */
  constructor(configuration: Configuration, store: GrantStore, listUsers: () => readonly MetafyEmulatorUser[]) {
    const authorize = new AuthorizeEndpoint(configuration, store);
    const token = new TokenEndpoint(configuration, store);
    this.#configuration = configuration;
    this.#api = new API(configuration, store, listUsers);
    this.#handlers = {
      [`GET ${AUTHORIZE_PATH}`]: (request) => authorize.show(request),
      [`POST ${AUTHORIZE_PATH}`]: (request) => authorize.decide(request),
      [`POST ${SIGN_IN_PATH}`]: (request) => authorize.signIn(request),
      [`POST ${SIGN_OUT_PATH}`]: (request) => authorize.signOut(request),
      'POST /irk/oauth/token': (request) => token.respond(request),
      'POST /irk/oauth/revoke': (request) => respondToRevocation(request, configuration, store),
      // Browsers ask for it unprompted, and log a 404.
      'GET /favicon.ico': () => ({ status: 204, headers: {}, body: '' }),
      'GET /': ({ headers }) => showHomePage(configuration, `http://${headers.host}`),
    };
  }

  /** @see MetafyEmulator.answer */
  addAnswer(method: string, path: string, answer: MetafyEmulatorAnswer): void {
    this.#api.addAnswer(method, path, answer);
  }

  respond(request: EmulatorRequest): EmulatorResponse {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const handle = this.#handlers[`${method} ${request.path}`];
    if (handle) return handle(request);
    if (request.path.startsWith(`${API_PATH}/`)) {
      return this.#api.respond(method, request.path.slice(API_PATH.length), request);
    }
    const avatar = method === 'GET' ? findAvatar(request.path, this.#configuration.users) : undefined;
    return avatar ?? errorResponse(404, request.headers.accept);
  }
}
