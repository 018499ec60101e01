import type {
  Configuration,
  MetafyEmulatorApplication,
  MetafyEmulatorOptions,
  MetafyEmulatorRefreshMode,
  MetafyEmulatorUser,
} from './configuration';
import { handleExchange } from './exchange';
import { FaultQueue, type MetafyEmulatorEndpoint, type MetafyEmulatorFault } from './faults';
import { Grants } from './grants';
import { authorizeInProcess, type MetafyEmulatorAuthorizeOptions } from './in-process-browser';
import type { Incoming } from './incoming';
import { Ledger } from './ledger';
import { Listener } from './listener';
import { Masker } from './masking';
import { checkRefreshMode, readOptions } from './options';
import { type MetafyEmulatorRequest, RequestLog } from './request-log';
import { findEndpoint, Router } from './router';

/**
 * A Metafy that runs in a test suite or a terminal: its sign-in and consent pages, token and revoke
 * endpoints and `/v1/me`, on a loopback port. Its answers are the ones a Doorkeeper server was recorded to
 * give; everything it issues is gone when the process ends.
 *
 * @example
 * await using emulator = await new MetafyEmulator().start();
 * const strategy = new MetafyStrategy({ baseURL: emulator.url, clientID: 'metafy-demo', … });
 */
export class MetafyEmulator {
  readonly #configuration: Configuration;
  readonly #ledger = new Ledger();
  readonly #faults = new FaultQueue();
  readonly #grants: Grants;
  readonly #log: RequestLog;
  readonly #router: Router;
  #opening: Promise<Listener> | undefined;
  #listener: Listener | undefined;

  /** @throws {TypeError} naming the option that cannot be used. */
  constructor(options?: MetafyEmulatorOptions) {
    const configuration = readOptions(options);
    const secrets = configuration.applications.map(({ clientSecret }) => clientSecret);
    this.#configuration = configuration;
    this.#grants = new Grants(configuration, this.#ledger);
    this.#log = new RequestLog(new Masker((value) => this.#ledger.has(value), secrets));
    this.#router = new Router({
      configuration,
      ledger: this.#ledger,
      grants: this.#grants,
      listUsers: () => this.users,
    });
  }

  /**
   * Begins to listen; an emulator that already does stays as it is.
   *
   * @throws {Error} when the port cannot be had, `code` is for example `EADDRINUSE`.
   */
  async start(): Promise<this> {
    this.#opening ??= this.#open();
    const opening = this.#opening;
    try {
      const listener = await opening;
      // Unless stop() came in between.
      if (this.#opening === opening) this.#listener = listener;
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
    this.#listener = undefined;
    const listener = await opening?.catch(() => undefined);
    await listener?.close();
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
    if (this.#listener) return this.#listener.url;
    throw new Error('MetafyEmulator: there is no url before start() has resolved, nor after stop().');
  }

  /** As configured, each with its scopes; also the demo application when none was given. */
  get applications(): readonly MetafyEmulatorApplication[] {
    return this.#configuration.applications;
  }

  /** As `/v1/me` answers them: with absolute avatar URLs, once the emulator listens. */
  get users(): readonly MetafyEmulatorUser[] {
    const base = this.#listener?.url ?? '';
    return this.#configuration.users.map((user) =>
      user.avatar_url?.startsWith('/') ? { ...user, avatar_url: base + user.avatar_url } : user,
    );
  }

  /** The requests received, oldest first, at most the last 10,000. Secrets are masked. */
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
  async authorize(
    authorizationURL: string | URL,
    options: MetafyEmulatorAuthorizeOptions = {},
  ): Promise<string> {
    return authorizeInProcess(new URL(authorizationURL), options, {
      url: this.url,
      configuration: this.#configuration,
      grants: this.#grants,
    });
  }

  /**
   * Lets an access token, a refresh token or an authorization code expire now. The other token of the pair
   * stays as it is.
   *
   * @throws {Error} when this emulator did not issue it.
   */
  expire(token: string): void {
    this.#ledger.expire(token);
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

  async #open(): Promise<Listener> {
    const parts = {
      log: this.#log,
      faults: this.#faults,
      findEndpoint,
      answer: (incoming: Incoming) => this.#router.answer(incoming),
    };
    const listener = new Listener((request, response, stopped) =>
      handleExchange(request, response, parts, stopped),
    );
    await listener.open(this.#configuration.hostname, this.#configuration.port);
    return listener;
  }
}
