import assert from 'node:assert/strict';
import type { Agent } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { MetafyAPI, MetafyClientCredentials, type MetafyTokens, refreshTokens, revokeToken } from '../../src';
import { CookieBrowser, type Page } from '../support/cookie-browser';
import { type SignInApp, startSignInApp } from '../support/sign-in-app';
import { accessToken, client, code, communityID, oldRefreshToken, paths, tierID, userID } from './right-answers';

/** What a request is for. Only those of the API are retried. */
export type Endpoint = 'token' | 'revocation' | 'api';

interface Call {
  /** In the table of docs/faults.md. */
  heading: string;
  endpoint: Endpoint;
  path: string;
  /** Makes the call; fulfilled when it succeeds with the right result. @throws NoAccess */
  run: (application: Application) => Promise<void>;
}

const signIn: Call['run'] = (application) => application.signIn();

/** The calls to Metafy, each of which meets each fault: the columns of the matrix. */
// biome-ignore format: a table
export const calls = {
  codeExchange: { heading: 'sign-in: code exchange', endpoint: 'token', path: paths.token, run: signIn },
  profile: { heading: 'sign-in: profile', endpoint: 'api', path: paths.profile, run: signIn },
  refreshTokens: {
    heading: '`refreshTokens`', endpoint: 'token', path: paths.token,
    run: async ({ options }) => expectTokens(await refreshTokens(options, oldRefreshToken)),
  },
  revokeToken: {
    heading: '`revokeToken`', endpoint: 'revocation', path: paths.revocation,
    run: ({ options }) => revokeToken(options, oldRefreshToken),
  },
  getToken: {
    heading: '`MetafyClientCredentials`', endpoint: 'token', path: paths.token,
    run: async ({ options }) => expectTokens(await new MetafyClientCredentials(options).getToken()),
  },
  communityAccess: {
    heading: '`MetafyAPI.getCommunityAccess`', endpoint: 'api', path: paths.access,
    run: async ({ options }) => expectAccess(new MetafyAPI({ ...options, token: accessToken })),
  },
} satisfies Record<string, Call>;

/** Metafy’s answer, read as “no”: which only some answers may be. */
export class NoAccess extends Error {}

export type CallName = keyof typeof calls;

export interface ApplicationOptions {
  call: CallName;
  /** The base URL of the server that has the fault. */
  faultyURL: string;
  /** The base URL of one that always answers rightly. */
  rightURL: string;
  agent: Agent;
  timeoutMs: number;
}

/** A sign-in that fails: what the error handler gets, if it is called, and what the browser gets. */
export class FailedSignIn {
  constructor(
    readonly error: unknown,
    readonly page: Page,
  ) {}
}

/** An application that calls a server that has a fault. */
export class Application {
  readonly options: typeof client & { baseURL: string; agent: Agent; timeoutMs: number };
  readonly #app: SignInApp;
  #error: unknown;

  private constructor({ faultyURL, agent, timeoutMs }: ApplicationOptions, app: SignInApp) {
    this.options = { ...client, baseURL: faultyURL, agent, timeoutMs };
    this.#app = app;
    app.app.use(((error, _req, _res, next) => {
      this.#error = error;
      next(error);
    }) satisfies ErrorRequestHandler);
  }

  static async start(options: ApplicationOptions): Promise<Application> {
    const { call, faultyURL, rightURL, agent, timeoutMs } = options;
    const tokenURL = (call === 'profile' ? rightURL : faultyURL) + paths.token;
    const userProfileURL = (call === 'codeExchange' ? rightURL : faultyURL) + paths.profile;
    const app = await startSignInApp({
      strategy: { ...client, baseURL: faultyURL, tokenURL, userProfileURL, agent, timeoutMs },
      verify: ({ profile: { id } }: { profile: { id: string } }) => ({ id }),
      handlesErrors: false,
    });
    return new Application(options, app);
  }

  /** A whole sign-in of a new browser. @throws FailedSignIn */
  async signIn(): Promise<void> {
    const browser = new CookieBrowser();
    const { location } = await browser.get(this.#app.startURL);
    const state = new URL(location).searchParams.get('state') ?? '';
    this.#error = undefined;
    const page = await browser.get(`${this.#app.callbackURL}?code=${code}&state=${encodeURIComponent(state)}`);
    if (page.status !== 200) throw new FailedSignIn(this.#error, page);
    assert.equal(JSON.parse(page.body).user.id, userID);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app[Symbol.asyncDispose]();
  }
}

function expectTokens(tokens: MetafyTokens): void {
  assert.equal(tokens.accessToken, accessToken);
  assert.deepEqual(tokens.scope, ['profile']);
}

/** @throws NoAccess */
async function expectAccess(api: MetafyAPI): Promise<void> {
  const { hasAccess, tierId } = await api.getCommunityAccess(communityID);
  if (!hasAccess) throw new NoAccess();
  assert.equal(tierId, tierID);
}
