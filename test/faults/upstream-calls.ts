import assert from 'node:assert/strict';
import diagnostics from 'node:diagnostics_channel';
import type { Agent, ClientRequest } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { MetafyClientCredentials, refreshTokens, revokeToken } from '../../src';
import { CookieBrowser, type Page } from '../support/cookie-browser';
import { type SignInApp, startSignInApp } from '../support/sign-in-app';
import type { Call } from './expectations';
import { accessToken, client, code, oldRefreshToken, paths, userID } from './right-answers';

export interface CallerOptions {
  call: Call;
  /** The base URL of the server that will be broken. */
  brokenURL: string;
  /** The base URL of one that always answers rightly. */
  soundURL: string;
  agent: Agent;
  timeoutMs: number;
}

/** How a sign-in that fails shows itself: to the error handler and to the browser. */
export class FailedSignIn {
  constructor(
    readonly error: unknown,
    readonly page: Page,
  ) {}
}

/** An application that makes one of the calls to a server that may be broken. */
export class Caller {
  #requestCount = 0;
  readonly #options: CallerOptions;
  readonly #app: SignInApp;
  readonly #errors: unknown[] = [];

  private constructor(options: CallerOptions, app: SignInApp) {
    this.#options = options;
    this.#app = app;
    app.app.use(((error, _req, _res, next) => {
      this.#errors.push(error);
      next(error);
    }) satisfies ErrorRequestHandler);
    diagnostics.subscribe('http.client.request.start', this.#countRequest);
  }

  static async start(options: CallerOptions): Promise<Caller> {
    const { call, brokenURL, soundURL, agent, timeoutMs } = options;
    const tokenURL = (call === 'profile' ? soundURL : brokenURL) + paths.token;
    const userProfileURL = (call === 'code exchange' ? soundURL : brokenURL) + paths.profile;
    const app = await startSignInApp({
      strategy: { ...client, tokenURL, userProfileURL, agent, timeoutMs },
      verify: ({ profile: { id, displayName } }: { profile: { id: string; displayName?: string } }) => ({
        id,
        displayName,
      }),
      handlesErrors: false,
    });
    return new Caller(options, app);
  }

  /** The requests of this call so far, whether they reached a server or not. */
  get requestCount(): number {
    return this.#requestCount;
  }

  /** Makes the call; fulfilled when it succeeds with the right result. */
  async run(): Promise<void> {
    const { call, brokenURL, agent, timeoutMs } = this.#options;
    const options = { ...client, baseURL: brokenURL, agent, timeoutMs };
    if (call === 'refreshTokens') {
      expectTokens(await refreshTokens(options, oldRefreshToken));
    } else if (call === 'revokeToken') {
      await revokeToken(options, oldRefreshToken);
    } else if (call === 'getToken') {
      expectTokens(await new MetafyClientCredentials(options).getToken());
    } else {
      await this.signIn();
    }
  }

  /** A whole sign-in of a new browser. @throws FailedSignIn */
  async signIn(): Promise<void> {
    const browser = new CookieBrowser();
    const { location } = await browser.get(this.#app.startURL);
    const state = new URL(location).searchParams.get('state') ?? '';
    const callback = `${this.#app.callbackURL}?code=${code}&state=${encodeURIComponent(state)}`;
    const errorCount = this.#errors.length;
    const page = await browser.get(callback);
    if (this.#errors.length > errorCount) throw new FailedSignIn(this.#errors.at(-1), page);
    assert.equal(page.status, 200);
    const { body } = await browser.get(`${this.#app.url}/me`);
    assert.deepEqual(JSON.parse(body).user.id, userID);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    diagnostics.unsubscribe('http.client.request.start', this.#countRequest);
    await this.#app[Symbol.asyncDispose]();
  }

  readonly #countRequest = (message: unknown): void => {
    const { request } = message as { request: ClientRequest & { agent?: Agent } };
    if (request.agent === this.#options.agent && request.path === toPath(this.#options.call)) {
      this.#requestCount += 1;
    }
  };
}

function toPath(call: Call): string {
  if (call === 'profile') return paths.profile;
  return call === 'revokeToken' ? paths.revocation : paths.token;
}

function expectTokens(tokens: { accessToken: string; scope: string[] }): void {
  assert.equal(tokens.accessToken, accessToken);
  assert.deepEqual(tokens.scope, ['profile']);
  assert.equal((tokens as { polluted?: unknown }).polluted, undefined);
}
