import { type Answer, problemAnswer, REVALIDATE } from './answers';
import { AUTHORIZE_PATH, AuthorizeEndpoint, SIGN_IN_PATH, SIGN_OUT_PATH } from './authorize-endpoint';
import type { Configuration, MetafyEmulatorUser } from './configuration';
import type { MetafyEmulatorEndpoint } from './faults';
import type { Grants } from './grants';
import type { Incoming } from './incoming';
import type { Ledger } from './ledger';
import { answerMeRequest } from './me-endpoint';
import { avatarPath, renderAvatar } from './pages/avatar';
import { answerRevokeRequest } from './revoke-endpoint';
import { answerTokenRequest } from './token-endpoint';

const ENDPOINTS: ReadonlyMap<string, MetafyEmulatorEndpoint> = new Map([
  [AUTHORIZE_PATH, 'authorize'],
  ['/irk/oauth/token', 'token'],
  ['/irk/oauth/revoke', 'revoke'],
  ['/irk/api/v1/me', 'me'],
]);

/** The endpoint that lives at a path. */
export function findEndpoint(path: string): MetafyEmulatorEndpoint | undefined {
  return ENDPOINTS.get(path);
}

/** What the router hands requests on to. */
export interface RouterParts {
  configuration: Configuration;
  ledger: Ledger;
  grants: Grants;
  /** The users, with their avatars at absolute URLs. */
  listUsers: () => readonly MetafyEmulatorUser[];
}

/** Finds who answers a request; like Rails, a path that exists for another method only does not exist. */
export class Router {
  readonly #parts: RouterParts;
  readonly #authorizeEndpoint: AuthorizeEndpoint;

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#authorizeEndpoint = new AuthorizeEndpoint(parts.configuration, parts.grants);
  }

  async answer(incoming: Incoming): Promise<Answer> {
    const { configuration, ledger, grants, listUsers } = this.#parts;
    const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
    switch (`${method} ${incoming.path}`) {
      case `GET ${AUTHORIZE_PATH}`:
        return this.#authorizeEndpoint.show(incoming);
      case `POST ${AUTHORIZE_PATH}`:
        return this.#authorizeEndpoint.decide(incoming);
      case `POST ${SIGN_IN_PATH}`:
        return this.#authorizeEndpoint.signIn(incoming);
      case `POST ${SIGN_OUT_PATH}`:
        return this.#authorizeEndpoint.signOut(incoming);
      case 'POST /irk/oauth/token':
        return answerTokenRequest(incoming, grants, configuration.accessTokenLifetimeSeconds);
      case 'POST /irk/oauth/revoke':
        return answerRevokeRequest(incoming, grants, ledger);
      case 'GET /irk/api/v1/me':
        return answerMeRequest(incoming, ledger, listUsers());
      default:
        return this.#answerAvatar(method, incoming);
    }
  }

  #answerAvatar(method: string, { path, headers }: Incoming): Answer {
    const user = this.#parts.configuration.users.find((candidate) => path === avatarPath(candidate));
    if (method !== 'GET' || !user) return problemAnswer(404, headers.accept);
    return {
      status: 200,
      headers: {
        'Content-Type': 'image/svg+xml; charset=utf-8',
        'Cache-Control': REVALIDATE,
        'Content-Security-Policy': "default-src 'none'",
        'X-Content-Type-Options': 'nosniff',
      },
      body: renderAvatar(user).toString(),
    };
  }
}
