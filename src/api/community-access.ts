import { ensureError, MetafyAccessError, MetafyOAuthError } from '../errors';
import { type MetafyClientOptions, type MetafyServerOptions, resolveClient } from '../metafy/client';
import type { TokenSource } from '../metafy/token-source';
import { rejectMisnamed, requireFunction, requireMethods, requireUserId } from '../util/assert';
import { deliverToCallback } from '../util/from-callback';
import type { JSONObject } from '../util/json';
import { KeyedMutex, shareInFlight } from '../util/keyed-mutex';
import { type MetafyLock, runLocked } from '../util/lock';
import { type MetafyStore, SealedStore } from '../util/sealed-store';
import { type CommunityAccess, MetafyAPI, requireID } from './metafy-api';

/** The application, the community, whose tokens ask, and how long an answer lasts. */
export interface MetafyCommunityAccessOptions extends MetafyClientOptions {
  /** A `MetafyUserTokens`. What it keeps for a user needs the scope `purchases`. */
  tokens: {
    /** Makes a source of one user's tokens. */
    of(userId: string): TokenSource;
  };
  /** `MetafyAPI.getOwnCommunity` and `npx passport-metafy tiers` show it to the community's owner. */
  communityId: string;
  /**
   * The ids of the tiers that give access; `npx passport-metafy tiers` lists them. A list that is given but `undefined` or
   * empty is a `TypeError`.
   * @default any tier
   */
  tierIds?: readonly string[] | undefined;
  /**
   * Where Metafy's answers are kept: a Keyv when several processes share them. One that fails is done without.
   * @default a `Map`, which drops nothing
   */
  store?: MetafyStore | undefined;
  /** Seals the answers in `store`: at least 32 characters. Several: the first seals, all open. */
  secret?: string | readonly string[] | undefined;
  /** Makes one request per user of what several processes would ask at once. One that fails is done without. */
  lock?: MetafyLock | undefined;
  /**
   * How long an answer is used without asking again, in milliseconds.
   * @default 900_000, 15 minutes
   */
  maxAgeMs?: number | undefined;
  /**
   * How long after that it is still used when Metafy gives no answer, in milliseconds; 0 for not at all.
   * @default 86_400_000, 24 hours
   * @see RFC 5861, section 4
   */
  staleIfErrorMs?: number | undefined;
}

/** Whether a user supports the community, in one of the tiers. */
export interface CheckedCommunityAccess {
  /** Whether Metafy says that they support it, and in one of `tierIds` where there are any. */
  hasAccess: boolean;
  /** The tier they support it in, also when it is not one of `tierIds`; absent when Metafy names none. */
  tierId?: string;
  /** When Metafy gave this answer. */
  checkedAt: Date;
  /** It is older than `maxAgeMs`, and Metafy has just given no newer one. */
  isStale: boolean;
}

interface StoredAnswer extends CommunityAccess {
  /** In milliseconds since the epoch. */
  checkedAtMs: number;
}

/** A store that takes longer, in milliseconds, is done without. */
const storeTimeoutMs = 1000;

/** Those of `MetafyCommunityAccessOptions` beside the client's. */
const optionNames = [
  'tokens',
  'communityId',
  'tierIds',
  'store',
  'secret',
  'lock',
  'maxAgeMs',
  'staleIfErrorMs',
] as const;

/**
 * Whether a user of the application supports a community on Metafy, and in which tier: asked at most once per `maxAgeMs`,
 * and never answered with "no" for any other reason than that Metafy said so.
 *
 * "No" is a 404, `has_access: false`, or a tier that is not one of `tierIds`. Whatever else goes wrong, a timeout, a 5xx,
 * a 401, a 403, an answer of another shape, keeps the last answer for `staleIfErrorMs`, and is thrown after that.
 */
export class MetafyCommunityAccess {
  readonly #server: MetafyServerOptions;
  readonly #timeoutMs: number;
  readonly #tokens: { of(userId: string): TokenSource };
  readonly #communityId: string;
  readonly #tierIds: readonly string[] | undefined;
  readonly #store: SealedStore<StoredAnswer>;
  readonly #lock: MetafyLock | undefined;
  readonly #maxAgeMs: number;
  readonly #staleIfErrorMs: number;
  readonly #keyPrefix: string;
  readonly #mutex = new KeyedMutex();
  readonly #inFlight = new Map<string, Promise<StoredAnswer>>();

  /** @throws TypeError naming the option at fault */
  constructor(options: MetafyCommunityAccessOptions) {
    const { apiURL, clientID, timeoutMs } = resolveClient(options);
    rejectMisnamed(options, optionNames);
    const { baseURL, agent } = options;
    this.#server = { baseURL, timeoutMs, agent };
    this.#timeoutMs = timeoutMs;
    requireMethods('tokens', options.tokens, ['of']);
    this.#tokens = options.tokens;
    this.#communityId = requireID('communityId', options.communityId, 'option');
    // Nothing falls back to "any tier" in silence, such as for an environment variable that is not set.
    this.#tierIds = 'tierIds' in options ? requireTierIds(options.tierIds) : undefined;
    this.#store = new SealedStore(options.store ?? new Map(), options, {
      option: 'store',
      purpose: 'community access',
      timeoutMs: Math.min(storeTimeoutMs, timeoutMs),
      parse: parseAnswer,
    });
    if (options.lock !== undefined) requireFunction('lock', options.lock, 'option');
    this.#lock = options.lock;
    this.#maxAgeMs = requireAge('maxAgeMs', options.maxAgeMs ?? 15 * 60_000);
    this.#staleIfErrorMs = requireAge('staleIfErrorMs', options.staleIfErrorMs ?? 24 * 60 * 60_000);
    this.#keyPrefix = `metafy-access:${JSON.stringify([apiURL, clientID, this.#communityId])}:`;
  }

  /**
   * Whether a user supports the community. Calls at the same time share one request.
   *
   * @param userId the application's id of the user, as for `tokens`
   * @throws TypeError for a user id that is empty or not well-formed Unicode
   * @throws MetafyOAuthError `login_required` or `insufficient_scope`, when there is no last answer to fall back on: send
   *   the user to sign in with the scopes `profile purchases`
   * @throws MetafyOAuthError, MetafyResponseError as `MetafyAPI` when Metafy gives no answer and there is no last one
   */
  async check(userId: string): Promise<CheckedCommunityAccess> {
    const key = this.#keyPrefix + requireUserId(userId);
    const last = await this.#read(key);
    if (last && this.#isFresh(last)) return this.#decide(last, false);
    try {
      return this.#decide(await shareInFlight(this.#inFlight, key, () => this.#renew(key, userId)), false);
    } catch (error) {
      // Another machine may have had an answer meanwhile.
      const latest = (await this.#read(key)) ?? last;
      const isUsable = latest && Math.abs(getAgeMs(latest)) < this.#maxAgeMs + this.#staleIfErrorMs;
      if (isUsable) return this.#decide(latest, !this.#isFresh(latest));
      throw explainSignIn(error);
    }
  }

  /**
   * Forgets the last answer about a user, so that Metafy is asked next time: after they have signed in or connected their
   * account, and when they disconnect it.
   *
   * @throws TypeError as `check`
   * @throws Error when the store fails; the answer may still be there then
   */
  async forget(userId: string): Promise<void> {
    const key = this.#keyPrefix + requireUserId(userId);
    // Not while Metafy is being asked: that answer is about the time before.
    await this.#runExclusive(key, () => this.#store.delete(key));
  }

  /**
   * Middleware for Express, and whatever takes its shape: lets those through who support the community, and hands on an
   * error otherwise. Its `status` is 401 (`login_required`: nobody is signed in), 403 (`MetafyAccessError`: no access;
   * `insufficient_scope`), and 502, 503 or 504 when there is no answer.
   *
   * @param getUserId the application's id of whoever is signed in; nothing when nobody is
   */
  guard<Request>(
    getUserId: (request: Request) => string | null | undefined,
  ): (request: Request, response: unknown, next: (error?: Error) => void) => void {
    requireFunction('getUserId', getUserId, 'parameter');
    return (request, _response, next) => {
      deliverToCallback(
        this.#requireAccess(getUserId, request),
        (error) => next(ensureError(error) as Error),
        () => next(),
      );
    };
  }

  async #requireAccess<Request>(
    getUserId: (request: Request) => string | null | undefined,
    request: Request,
  ): Promise<void> {
    const userId = getUserId(request);
    if (userId === undefined || userId === null || userId === '') {
      throw new MetafyOAuthError('Nobody is signed in: send the user to sign in.', { code: 'login_required' });
    }
    const { hasAccess } = await this.check(userId);
    if (hasAccess) return;
    const communityId = this.#communityId;
    const where = this.#tierIds ? ' in one of the tiers that give access' : '';
    throw new MetafyAccessError(`The user does not support the community ${communityId}${where}.`, {
      communityId,
      tierIds: this.#tierIds,
    });
  }

  /** What is stored; `undefined` also when the store fails, or has what is no answer: then Metafy is asked. */
  #read(key: string): Promise<StoredAnswer | undefined> {
    return this.#store.read(key).catch(() => undefined);
  }

  #renew(key: string, userId: string): Promise<StoredAnswer> {
    return this.#runExclusive(key, async () => {
      // Read again: whoever held the lock before may have asked.
      const stored = await this.#read(key);
      if (stored && this.#isFresh(stored)) return stored;
      const api = new MetafyAPI({ ...this.#server, token: this.#tokens.of(userId) });
      const answer = { ...(await api.getCommunityAccess(this.#communityId)), checkedAtMs: Date.now() };
      const ttlMs = this.#maxAgeMs + this.#staleIfErrorMs;
      await this.#store.write(key, answer, ttlMs).catch(() => undefined);
      return answer;
    });
  }

  /** Runs one task per user at a time: in this process, and with a lock on any machine, unless the lock fails. */
  #runExclusive<Value>(key: string, task: () => Promise<Value>): Promise<Value> {
    const lock = this.#lock;
    if (!lock) return this.#mutex.runExclusive(key, task);
    return this.#mutex.runExclusive(key, async () => {
      let hasStarted = false;
      const start = () => {
        hasStarted = true;
        return task();
      };
      try {
        return await runLocked(lock, `lock:${key}`, start, this.#timeoutMs);
      } catch (error) {
        if (hasStarted) throw error;
        return task();
      }
    });
  }

  // The size of it, since another machine's clock may be ahead.
  #isFresh(answer: StoredAnswer): boolean {
    return Math.abs(getAgeMs(answer)) < this.#maxAgeMs;
  }

  #decide({ hasAccess, tierId, checkedAtMs }: StoredAnswer, isStale: boolean): CheckedCommunityAccess {
    const isTier = !this.#tierIds || (tierId !== undefined && this.#tierIds.includes(tierId));
    const checkedAt = new Date(checkedAtMs);
    return { hasAccess: hasAccess && isTier, ...(tierId !== undefined && { tierId }), checkedAt, isStale };
  }
}

function getAgeMs({ checkedAtMs }: StoredAnswer): number {
  return Date.now() - checkedAtMs;
}

function parseAnswer(json: JSONObject): StoredAnswer | undefined {
  const isAnswer =
    typeof json.hasAccess === 'boolean' &&
    Number.isFinite(json.checkedAtMs) &&
    (json.tierId === undefined || typeof json.tierId === 'string');
  return isAnswer ? (json as unknown as StoredAnswer) : undefined;
}

function explainSignIn(error: unknown): unknown {
  const isOAuth = error instanceof MetafyOAuthError;
  if (!isOAuth || (error.code !== 'login_required' && error.code !== 'insufficient_scope')) return error;
  const { message, code, upstreamStatus } = error;
  const advice = 'Send the user to sign in with Metafy with the scopes `profile purchases`';
  return new MetafyOAuthError(`${advice}: ${message}`, { code, upstreamStatus, cause: error });
}

function requireTierIds(tierIds: unknown): readonly string[] {
  if (!Array.isArray(tierIds) || tierIds.length === 0) {
    throw new TypeError('option `tierIds` must be a list of tier ids, or be left out when any tier gives access');
  }
  const areIds = tierIds.every((tierId: unknown) => typeof tierId === 'string' && tierId !== '');
  if (areIds) return [...tierIds];
  throw new TypeError('each entry of option `tierIds` must be a non-empty string: is the environment variable set?');
}

/** @throws TypeError naming `option` */
function requireAge(option: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new TypeError(`option \`${option}\` must be a number of milliseconds, 0 or more`);
}
