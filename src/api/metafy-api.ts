import { MetafyError, MetafyOAuthError, MetafyResponseError } from '../errors';
import { requestAPI } from '../metafy/api-endpoint';
import { type MetafyServer, type MetafyServerOptions, resolveServer } from '../metafy/client';
import type { HttpResponse } from '../metafy/http';
import { fetchProfile, type MetafyProfile } from '../metafy/profile';
import type { TokenSource } from '../metafy/token-source';
import { rejectMisnamed, requireMethods, requireObject, requireString, requireToken } from '../util/assert';
import { isJSONObject, isText, type JSONObject, parseJSONObject, toID } from '../util/json';

/** Whose data to ask for, and how to reach Metafy. A whole client may be spread into it: its credentials are not used. */
export interface MetafyAPIOptions extends MetafyServerOptions {
  /**
   * An API key or an access token; or what gives access tokens, and new ones when Metafy no longer takes them:
   * a `MetafyClientCredentials`, or `userTokens.of(userId)`.
   */
  token: string | TokenSource;
}

/** Whether the token's owner supports a community, as Metafy says it. */
export interface CommunityAccess {
  hasAccess: boolean;
  /** The tier they support it in; absent when Metafy names none. `hasAccess` says nothing about the tier. */
  tierId?: string;
}

/** A community. */
export interface MetafyCommunity {
  id: string;
  /** Empty when Metafy gives none. */
  title: string;
  /** Every tier that the community offers, not those that somebody has; empty when Metafy gives none. */
  tiers: MetafyTier[];
  /** Metafy's answer, with the fields that this package does not know. */
  raw: JSONObject;
}

/** What supporters of a community pay for. */
export interface MetafyTier {
  id: string;
  /** For people to read: an owner may change it. Empty when Metafy gives none. */
  name: string;
}

/** Somebody who supports the community of the token's owner. */
export interface MetafySubscriber {
  /** The `id` of their profile. */
  userId: string;
  /** Absent when Metafy names none. */
  tierId?: string;
  /** Not known to be verified. Absent when Metafy gives none. */
  email?: string;
  /** Metafy's answer, with the fields that this package does not know. */
  raw: JSONObject;
}

/** A list that Metafy gives page by page. */
export interface MetafyList<Item> extends AsyncIterable<Item> {
  /** The whole list, or an error: never a part. */
  toArray(): Promise<Item[]>;
}

/** As many as Metafy is known to give at once. */
const itemsPerPage = 100;

/**
 * Metafy's API, as the owner of a token. Every HTTP request is bounded by `timeoutMs`, retries included; a GET is retried
 * after faults of the network, 429, 502, 503 and 504, no sooner than `Retry-After` says.
 *
 * All calls throw:
 * - `MetafyOAuthError` when Metafy refuses the token: `invalid_token` after a 401, once a `TokenSource` has given another
 *   token, naming the rejected one, and that was refused as well; `insufficient_scope`, naming the scope, without a
 *   request when the token is known to lack it
 * - `MetafyResponseError` when Metafy gives no usable answer; `retryAfterMs` says how long Metafy asked to wait
 * - what the `TokenSource` throws
 *
 * The calls and their answers are not documented by Metafy: they were seen in production.
 */
export class MetafyAPI {
  readonly #server: MetafyServer;
  readonly #source: TokenSource;

  /** @throws TypeError naming the option at fault */
  constructor(options: MetafyAPIOptions) {
    requireObject('options', options);
    rejectMisnamed(options, ['token']);
    this.#server = resolveServer(options);
    this.#source = requireTokenSource(options.token);
  }

  /** `GET /v1/me`, scope `profile`. */
  getProfile(): Promise<MetafyProfile> {
    return this.#authorize('profile', (accessToken) => fetchProfile(this.#server, accessToken));
  }

  /**
   * Whether the token's owner supports a community: `GET /v1/me/purchases/communities/{communityId}`, scope `purchases`.
   * Metafy says no in two ways, 404 and `has_access: false`; everything else that is not a yes is thrown.
   *
   * @throws TypeError for an id that is not one
   */
  async getCommunityAccess(communityId: string): Promise<CommunityAccess> {
    const path = `/v1/me/purchases/communities/${encodeURIComponent(requireID('communityId', communityId))}`;
    const response = await this.#find('purchases', path);
    if (!response) return { hasAccess: false };
    const { community } = parseBody(response, `GET ${path}`);
    const tierId = isJSONObject(community) ? toOptionalID(community.tier_id) : undefined;
    if (!isJSONObject(community) || typeof community.has_access !== 'boolean' || tierId === null) {
      throw unusableBody(`GET ${path}`, 'without a usable `has_access` or `tier_id`', response);
    }
    return { hasAccess: community.has_access, ...(tierId && { tierId }) };
  }

  /** The community that the token's owner runs: `GET /v1/me/community`, scope `community`; `undefined` when there is none. */
  async getOwnCommunity(): Promise<MetafyCommunity | undefined> {
    const path = '/v1/me/community';
    const response = await this.#find('community', path);
    if (!response) return undefined;
    const community = parseCommunity(parseBody(response, `GET ${path}`).community);
    if (community) return community;
    throw unusableBody(`GET ${path}`, 'without a usable `community`', response);
  }

  /**
   * The communities that the token's owner follows: `GET /v1/me/community/memberships`, scope `community`. Following is
   * free, a supporter may be missing, and `tiers` are all that the community offers: never decide access by it.
   */
  listMemberships(): MetafyList<MetafyCommunity> {
    return this.#list('/v1/me/community/memberships', 'communities', parseCommunity);
  }

  /**
   * The active supporters of the community that the token's owner runs, without the owner:
   * `GET /v1/me/community/subscribers`, scope `community`. A 403 may also mean that the owner runs none.
   */
  listSubscribers(): MetafyList<MetafySubscriber> {
    return this.#list('/v1/me/community/subscribers', 'subscribers', parseSubscriber);
  }

  /**
   * Asks for anything else in the API.
   *
   * @param path below the API's, such as `/v1/me/guides`: percent-encoded, and without `.`, `..` and an encoded slash
   * @returns the JSON object that Metafy answers
   * @throws TypeError for a path that is not one
   */
  async get(path: string, query: Query = {}): Promise<JSONObject> {
    const response = await this.#authorize(undefined, this.#createRequest(requirePath(path), query));
    return parseBody(response, `GET ${path}`);
  }

  #list<Item>(path: string, name: string, parse: (json: unknown) => Item | undefined): MetafyList<Item> {
    const readPages = () => this.#readPages(path, name, parse);
    return {
      [Symbol.asyncIterator]: readPages,
      async toArray() {
        const items: Item[] = [];
        for await (const item of readPages()) items.push(item);
        return items;
      },
    };
  }

  async *#readPages<Item>(
    path: string,
    name: string,
    parse: (json: unknown) => Item | undefined,
  ): AsyncGenerator<Item, void, undefined> {
    let totalPages: number | undefined;
    let page = 0;
    do {
      page += 1;
      const request = this.#createRequest(path, { page, per_page: itemsPerPage });
      const response = await this.#authorize('community', request);
      const what = `page ${page} of GET ${path}`;
      const json = parseBody(response, what);
      const items = Array.isArray(json[name]) ? json[name].map(parse) : undefined;
      if (!items?.every((item) => item !== undefined))
        throw unusableBody(what, `without a usable \`${name}\``, response);
      const announced = readTotalPages(json);
      const isTooShort = announced !== undefined && items.length === 0 && page < announced;
      if (announced === undefined || isTooShort || (announced === 0 && items.length > 0)) {
        throw unusableBody(what, 'without a usable `total_pages`', response);
      }
      // Then what has been read is no longer the beginning of the list that is being read.
      totalPages ??= announced;
      if (announced !== totalPages) throw unusableBody(what, 'with another `total_pages` than before', response);
      yield* items;
    } while (page < totalPages);
  }

  /** The answer, or `undefined` for a 404: of the API alone, not of whoever gives the token. */
  #find(scope: string, path: string): Promise<HttpResponse | undefined> {
    const request = this.#createRequest(path);
    return this.#authorize(scope, (accessToken) =>
      request(accessToken).catch((error) => {
        if (error instanceof MetafyError && error.upstreamStatus === 404) return undefined;
        throw error;
      }),
    );
  }

  #createRequest(path: string, query: Query = {}): (accessToken: string) => Promise<HttpResponse> {
    const url = new URL(this.#server.apiURL + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value));
    return (accessToken) => {
      const headers = { ...this.#server.headers, Authorization: `Bearer ${accessToken}` };
      return requestAPI(this.#server, { method: 'GET', url, headers });
    };
  }

  /** Sends `request` with a token; once more, with another, when Metafy no longer takes it. */
  async #authorize<Result>(
    scope: string | undefined,
    request: (accessToken: string) => Promise<Result>,
  ): Promise<Result> {
    const send = async ({ accessToken, scope: granted }: Token): Promise<Result> => {
      // An empty list is what tokens have whose answer named no scope.
      const known = granted?.length ? granted.includes(scope ?? '') : undefined;
      if (scope && known === false) throw insufficientScope(scope);
      try {
        return await request(requireToken('accessToken', accessToken));
      } catch (error) {
        throw explainStatus(error, known ? undefined : scope);
      }
    };
    const token = await this.#source.getToken();
    try {
      return await send(token);
    } catch (error) {
      if (!(error instanceof MetafyOAuthError) || error.upstreamStatus !== 401) throw error;
      const renewed = await this.#source.getToken({ rejectedToken: token.accessToken });
      if (renewed.accessToken === token.accessToken) throw error;
      return send(renewed);
    }
  }
}

type Query = Readonly<Record<string, string | number | boolean>>;

type Token = Awaited<ReturnType<TokenSource['getToken']>>;

function requireTokenSource(token: unknown): TokenSource {
  if (typeof token !== 'object') {
    const accessToken = requireToken('token', token, 'option');
    return { getToken: async () => ({ accessToken }) };
  }
  requireMethods('token', token, ['getToken']);
  return token as TokenSource;
}

/** In characters. Metafy's ids have 36. */
const maxIDLength = 200;

/**
 * An id that stays one segment of a path, whoever decodes it.
 *
 * @throws TypeError naming `name`
 */
export function requireID(name: string, id: unknown, kind: 'option' | 'parameter' = 'parameter'): string {
  const text = requireString(name, id, kind);
  const isUsable = text.length <= maxIDLength && text.isWellFormed() && !/[/\\?#%\p{Cc}]|^\.\.?$/u.test(text);
  if (isUsable) return text;
  throw new TypeError(
    `${kind} \`${name}\` must be an id of Metafy's: up to ${maxIDLength} characters, none of them / \\ ? # %`,
  );
}

/** In characters. */
const maxPathLength = 2048;

/** Percent-encoded segments, none of them `.` or `..`, without an encoded dot, slash or backslash. */
const pathPattern = /^(?:\/(?!\.\.?(?:\/|$))(?:[\w.~!$&'()*+,;=:@-]|%(?!2[ef]|5c)[\da-f]{2})+)+$/i;

function requirePath(path: unknown): string {
  const text = requireString('path', path, 'parameter');
  if (text.length <= maxPathLength && pathPattern.test(text)) return text;
  throw new TypeError(
    "parameter `path` must be a path below the API's, percent-encoded and without a query, such as /v1/me/guides",
  );
}

function insufficientScope(scope: string, cause?: MetafyError): MetafyOAuthError {
  return new MetafyOAuthError(`The token lacks the scope \`${scope}\``, {
    code: 'insufficient_scope',
    upstreamStatus: cause?.upstreamStatus,
    cause,
  });
}

/**
 * What a 401 and a 403 mean; Doorkeeper does not always give its reason.
 *
 * @param scope what the call needs, unless the token is known to have it
 */
function explainStatus(error: unknown, scope: string | undefined): unknown {
  if (!(error instanceof MetafyError)) return error;
  const { upstreamStatus, code } = error;
  const hasReason = error instanceof MetafyOAuthError;
  if (upstreamStatus === 401 && !hasReason) {
    return new MetafyOAuthError(error.message, { code: 'invalid_token', upstreamStatus, cause: error });
  }
  if (upstreamStatus === 403 && scope && (!hasReason || code === 'insufficient_scope')) {
    return insufficientScope(scope, error);
  }
  return error;
}

function parseBody(response: HttpResponse, what: string): JSONObject {
  const json = parseJSONObject(response.body);
  if (json) return json;
  throw unusableBody(what, 'with something that is not a JSON object', response);
}

function unusableBody(what: string, problem: string, { status }: HttpResponse): MetafyResponseError {
  return new MetafyResponseError(`Metafy answered ${what} ${problem}`, { code: 'bad_body', upstreamStatus: status });
}

function readTotalPages({ meta }: JSONObject): number | undefined {
  const pagination = isJSONObject(meta) ? meta.pagination : undefined;
  const total = isJSONObject(pagination) ? pagination.total_pages : undefined;
  return Number.isSafeInteger(total) && (total as number) >= 0 ? (total as number) : undefined;
}

function parseCommunity(json: unknown): MetafyCommunity | undefined {
  if (!isJSONObject(json)) return undefined;
  const id = toID(json.id);
  const tiers = (json.tiers ?? []) as unknown;
  const parsed = Array.isArray(tiers) ? tiers.map(parseTier) : undefined;
  if (!id || !parsed?.every((tier) => tier !== undefined)) return undefined;
  return { id, title: isText(json.title) ? json.title : '', tiers: parsed, raw: json };
}

function parseTier(json: unknown): MetafyTier | undefined {
  if (!isJSONObject(json)) return undefined;
  const id = toID(json.id);
  return id ? { id, name: isText(json.name) ? json.name : '' } : undefined;
}

function parseSubscriber(json: unknown): MetafySubscriber | undefined {
  if (!isJSONObject(json)) return undefined;
  const userId = toID(json.user_id);
  const tierId = toOptionalID(json.tier_id);
  if (!userId || tierId === null) return undefined;
  return { userId, ...(tierId && { tierId }), ...(isText(json.email) && { email: json.email }), raw: json };
}

/** `undefined` when there is none; `null` when there is something that is no id. */
function toOptionalID(id: unknown): string | undefined | null {
  return id === undefined || id === null || id === '' ? undefined : (toID(id) ?? null);
}
