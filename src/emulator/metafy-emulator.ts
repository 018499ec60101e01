import { cancel, setFollowing, subscribe } from './api/communities';
import type {
  Configuration,
  MetafyEmulatorAPIKey,
  MetafyEmulatorApplication,
  MetafyEmulatorCommunity,
  MetafyEmulatorOptions,
  MetafyEmulatorRefreshMode,
  MetafyEmulatorUser,
} from './configuration';
import {
  FaultQueue,
  type MetafyEmulatorAnswer,
  type MetafyEmulatorEndpoint,
  type MetafyEmulatorFault,
} from './http/faults';
import { type MetafyEmulatorRequest, RequestLog } from './http/request-log';
import { Server } from './http/server';
import { authorizeInProcess, type MetafyEmulatorAuthorizeOptions } from './oauth/authorize-in-process';
import { GrantStore } from './oauth/grant-store';
import { checkRefreshMode, readOptions } from './options';
import { AUTHORIZE_PATH } from './pages/authorize-endpoint';
import { findEndpoint, Router } from './router';

let hasWarned = false;

/**
 * A Metafy that runs in a test suite or a terminal: its sign-in and consent pages, token and revoke
 * endpoints and API, on a loopback port. It answers as a Doorkeeper server was recorded to answer;
 * everything it issues is gone when the process ends.
 *
 * @example
 * await using emulator = await new MetafyEmulator().start();
 * const strategy = new MetafyStrategy({ baseURL: emulator.url, clientID: 'metafy-demo', … });
 */
export class MetafyEmulator {
  readonly #configuration: Configuration;
  readonly #store: GrantStore;
  readonly #router: Router;
  readonly #faults = new FaultQueue();
  readonly #log = new RequestLog();
  #opening: Promise<Server> | undefined;
  #server: Server | undefined;

  /** @throws {TypeError} naming the option that cannot be used. */
  constructor(options?: MetafyEmulatorOptions) {
    this.#configuration = readOptions(options);
    this.#store = new GrantStore(this.#configuration);
    this.#router = new Router(this.#configuration, this.#store, () => this.users);
  }

  /**
   * Begins to listen; an emulator that already does stays as it is.
   *
   * @throws {Error} when it cannot listen there; `code` is for example `EADDRINUSE`.
   */
  async start(): Promise<this> {
    this.#opening ??= this.#open();
    const opening = this.#opening;
    try {
      const server = await opening;
      // Unless stop() came in between.
      if (this.#opening === opening) this.#server = server;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
    return this;
  }

  /** Stops listening and closes every connection, also idle and hung ones. Harmless when nothing runs. */
  async stop(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#server = undefined;
    const server = await opening?.catch(() => undefined);
    await server?.close();
  }

  /** `stop`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /**
   * Where it listens, to be used as `baseURL`; without a slash at the end.
   *
   * @throws {Error} while it does not listen.
   */
  get url(): string {
    if (this.#server) return this.#server.url;
    throw new Error('There is no url before start() has resolved, nor after stop().');
  }

  /** As configured, each with its scopes; also the demo application when none was given. */
  get applications(): readonly MetafyEmulatorApplication[] {
    return this.#configuration.applications;
  }

  /** As `/v1/me` answers them: with absolute avatar URLs, once the emulator listens. */
  get users(): readonly MetafyEmulatorUser[] {
    const base = this.#server?.url ?? '';
    return this.#configuration.users.map((user) =>
      user.avatar_url?.startsWith('/') ? { ...user, avatar_url: base + user.avatar_url } : user,
    );
  }

  /** As configured and since changed by `subscribe`, `cancel`, `follow` and `unfollow`. */
  get communities(): readonly MetafyEmulatorCommunity[] {
    return this.#configuration.communities;
  }

  /** As configured, each with its scopes. */
  get apiKeys(): readonly MetafyEmulatorAPIKey[] {
    return this.#configuration.apiKeys;
  }

  /** The requests received, oldest first, at most the last 10,000, as they were sent. */
  get requests(): readonly MetafyEmulatorRequest[] {
    return this.#log.entries;
  }

  /** Forgets the requests received so far. */
  clearRequests(): void {
    this.#log.clear();
  }

  /**
   * Does in-process what a person would do in a browser: open the authorization URL, sign in, and decide.
   * No HTTP is involved: nothing appears in `requests`, and no fault of `authorize` happens.
   *
   * @returns the URL the browser is sent back to, with `code` or `error=access_denied`
   * @throws {Error} saying what is wrong with the URL, when the page would have shown an error.
   */
  async authorize(authorizationURL: string | URL, options: MetafyEmulatorAuthorizeOptions = {}): Promise<string> {
    const pageURL = this.url + AUTHORIZE_PATH;
    const url = new URL(authorizationURL);
    return authorizeInProcess(url, options, pageURL, this.#configuration, this.#store);
  }

  /**
   * Lets an access token, a refresh token or an authorization code expire now. The other token of the pair
   * stays as it is.
   *
   * @throws {Error} when this emulator did not issue it.
   */
  expire(token: string): void {
    this.#store.expire(token);
  }

  /** Changes what refreshes do from now on. */
  setRefreshMode(mode: MetafyEmulatorRefreshMode): void {
    checkRefreshMode(mode);
    this.#configuration.refreshMode = mode;
  }

  /**
   * Lets the next requests to an endpoint fail, behind any faults that already wait for it.
   *
   * @param times how many requests
   * @throws {TypeError} when there is no such endpoint or fault.
   */
  fail(endpoint: MetafyEmulatorEndpoint, fault: MetafyEmulatorFault, times = 1): void {
    this.#faults.add(endpoint, fault, times);
  }

  /** Forgets the faults that are still to happen. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /**
   * Gives a user a subscription to a tier of a community, in place of any they have.
   *
   * @param user by `slug` or `id`
   * @param tierID `null` for what Metafy has been seen to answer: access, but no tier
   * @throws {Error} when there is no such user, community or tier.
   */
  subscribe(user: string, communityID: string, tierID: string | null): void {
    subscribe(this.#configuration, user, communityID, tierID);
  }

  /**
   * Lets a user's subscription lapse.
   *
   * @param user by `slug` or `id`
   * @throws {Error} when they never had one, or there is no such user or community.
   */
  cancel(user: string, communityID: string): void {
    cancel(this.#configuration, user, communityID);
  }

  /**
   * Lets a user follow a community, which is free and which the API calls a membership.
   *
   * @param user by `slug` or `id`
   * @throws {Error} when there is no such user or community.
   */
  follow(user: string, communityID: string): void {
    setFollowing(this.#configuration, user, communityID, true);
  }

  /**
   * Lets a user follow a community no longer.
   *
   * @param user by `slug` or `id`
   * @throws {Error} when there is no such user or community.
   */
  unfollow(user: string, communityID: string): void {
    setFollowing(this.#configuration, user, communityID, false);
  }

  /**
   * Answers an API call that is not emulated, and would be a 501, from now on: for any valid token, whatever its
   * scope, and any query.
   *
   * @param path below the API's, such as `/v1/me/guides`
   * @throws {TypeError} when the call is emulated, for which there is `fail`, or the answer cannot be sent.
   */
  answer(method: string, path: string, answer: MetafyEmulatorAnswer): void {
    this.#router.addAnswer(method, path, answer);
  }

  async #open(): Promise<Server> {
    warnInProduction();
    const server = new Server({
      log: this.#log,
      faults: this.#faults,
      findEndpoint,
      respond: (request) => this.#router.respond(request),
    });
    await server.open(this.#configuration.hostname, this.#configuration.port);
    return server;
  }
}

function warnInProduction(): void {
  if (process.env.NODE_ENV !== 'production' || hasWarned) return;
  hasWarned = true;
  process.emitWarning('A Metafy emulator runs although NODE_ENV is production: anybody can sign in as anybody.');
}
