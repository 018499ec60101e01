import type { Community, Configuration, MetafyEmulatorUser } from '../configuration';
import { type MetafyEmulatorAnswer, type MetafyEmulatorEndpoint, toResponse } from '../http/faults';
import { HTTPError } from '../http/http-error';
import type { EmulatorRequest } from '../http/request';
import { type EmulatorResponse, errorResponse, JSON_TYPE, jsonResponse } from '../http/response';
import type { GrantStore } from '../oauth/grant-store';
import { authenticate, forbidden, insufficientScope } from './authenticate';
import { paginate } from './pagination';

/** The path below which the API is. */
export const API_PATH = '/irk/api';

interface APICall {
  readonly endpoint: MetafyEmulatorEndpoint;
  readonly path: RegExp;
  readonly scope: string;
}

const CALLS: readonly APICall[] = [
  { endpoint: 'me', path: /^\/v1\/me$/, scope: 'profile' },
  { endpoint: 'purchases', path: /^\/v1\/me\/purchases\/communities\/([^/]+)$/, scope: 'purchases' },
  { endpoint: 'community', path: /^\/v1\/me\/community$/, scope: 'community' },
  { endpoint: 'memberships', path: /^\/v1\/me\/community\/memberships$/, scope: 'community' },
  { endpoint: 'subscribers', path: /^\/v1\/me\/community\/subscribers$/, scope: 'community' },
];

/** The call at a path below the API's. */
export function findCall(path: string): APICall | undefined {
  return CALLS.find((call) => call.path.test(path));
}

/** The API: who is signed in, what they support, and what the owner of a community sees. */
export class API {
  readonly #configuration: Configuration;
  readonly #store: GrantStore;
  readonly #listUsers: () => readonly MetafyEmulatorUser[];
  readonly #answers = new Map<string, EmulatorResponse>();

  /** @param listUsers the users, with their avatars at absolute URLs */
  constructor(configuration: Configuration, store: GrantStore, listUsers: () => readonly MetafyEmulatorUser[]) {
    this.#configuration = configuration;
    this.#store = store;
    this.#listUsers = listUsers;
  }

  /** Answers a call that is not emulated, from now on. */
  addAnswer(method: string, path: string, answer: MetafyEmulatorAnswer): void {
    if (!/^\/[^?#]*$/.test(path)) {
      throw new TypeError("path must be one below the API's without a query, such as /v1/me/guides.");
    }
    if (method === 'GET' && findCall(path)) {
      throw new TypeError(`path must be one that is not emulated; use fail() for ${path}.`);
    }
    this.#answers.set(`${method} ${path}`, toResponse(answer));
  }

  /** @param path below the API's */
  respond(method: string, path: string, request: EmulatorRequest): EmulatorResponse {
    const call = method === 'GET' ? findCall(path) : undefined;
    const answer = this.#answers.get(`${method} ${path}`);
    if (!call && !answer) return notEmulated(method, path);
    const access = authenticate(request, this.#configuration, this.#store);
    if ('status' in access) return access;
    if (!call) return answer as EmulatorResponse;
    if (!access.scope.includes(call.scope)) return insufficientScope(call.scope, this.#configuration);
    const user = this.#listUsers().find(({ id }) => id === access.userID);
    // The token of an application without an owner (C02).
    if (!user) return forbidden();
    switch (call.endpoint) {
      case 'purchases':
        return this.#showPurchase(request, user, decode(call.path.exec(path)?.[1] ?? ''));
      case 'community':
        return this.#showCommunity(request, user);
      case 'memberships':
        return this.#listMemberships(request, user);
      case 'subscribers':
        return this.#listSubscribers(request, user);
      default:
        return jsonResponse({ user });
    }
  }

  #showPurchase({ headers }: EmulatorRequest, user: MetafyEmulatorUser, communityID: string): EmulatorResponse {
    const { communities, noAccessForm } = this.#configuration;
    const community = communities.find(({ id }) => id === communityID);
    const subscription = community?.subscriptions.find(({ userID }) => userID === user.id);
    if (subscription && !subscription.isLapsed) {
      return jsonResponse({ community: { has_access: true, tier_id: subscription.tierID } });
    }
    const isFound = noAccessForm === 'by_history' ? subscription : noAccessForm === 'has_access_false';
    if (!community || !isFound) return errorResponse(404, headers.accept);
    return jsonResponse({ community: { has_access: false, tier_id: null } });
  }

  #showCommunity({ headers }: EmulatorRequest, user: MetafyEmulatorUser): EmulatorResponse {
    const community = this.#findOwnCommunity(user);
    return community ? jsonResponse({ community: toJSON(community) }) : errorResponse(404, headers.accept);
  }

  // Every tier that a community offers, whatever the user has: a membership is a free follow.
  #listMemberships(request: EmulatorRequest, user: MetafyEmulatorUser): EmulatorResponse {
    const { communities, pageSize } = this.#configuration;
    const followed = communities.filter(({ followerIDs }) => followerIDs.includes(user.id));
    const { items, meta } = paginate(followed, request, pageSize);
    return jsonResponse({ communities: items.map(toJSON), meta });
  }

  #listSubscribers(request: EmulatorRequest, user: MetafyEmulatorUser): EmulatorResponse {
    const community = this.#findOwnCommunity(user);
    if (!community) return forbidden();
    const active = community.subscriptions.filter(({ userID, isLapsed }) => userID !== user.id && !isLapsed);
    const { items, meta } = paginate(active, request, this.#configuration.pageSize);
    const emails = new Map(this.#configuration.users.map(({ id, email }) => [id, email ?? undefined]));
    const subscribers = items.map(({ userID, tierID }) => ({
      user_id: userID,
      tier_id: tierID,
      email: emails.get(userID),
    }));
    return jsonResponse({ subscribers, meta });
  }

  #findOwnCommunity({ id }: MetafyEmulatorUser): Community | undefined {
    return this.#configuration.communities.find(({ ownerID }) => ownerID === id);
  }
}

function toJSON({ ownerID, subscriptions, followerIDs, ...community }: Community): object {
  return community;
}

/** Not a 404, which the purchases call uses for “no”. */
function notEmulated(method: string, path: string): EmulatorResponse {
  const error_description = `The emulator does not know ${method} ${path}; a test can add a response with answer().`;
  return {
    status: 501,
    headers: { 'Content-Type': JSON_TYPE },
    body: JSON.stringify({ error: 'not emulated', error_description }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HTTPError(400, 'The percent-encoding of the path is malformed.');
  }
}
