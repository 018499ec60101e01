import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { readCookies, sendRequest } from '../http';
import type { Worker } from '../worker';
import { type Arrival, actionHeader, type Failure, foreseeFailure } from './faults';

/** What all browsers share. */
export interface World {
  applicationURL: string;
  agent: http.Agent;
  metafy: Worker;
  outcomes: Outcomes;
  /** Aborts when the soak is over. */
  ending: AbortSignal;
}

/** Of each activity, how many succeeded and how many failed, both as they must; and the first of those that did not. */
export class Outcomes {
  readonly counts: Record<string, { succeeded: number; failed: number }> = {};
  readonly wrong: string[] = [];
  wrongCount = 0;

  note(activity: string, hasSucceeded: boolean): void {
    this.counts[activity] ??= { succeeded: 0, failed: 0 };
    this.counts[activity][hasSucceeded ? 'succeeded' : 'failed'] += 1;
  }

  complain(problem: string): void {
    this.wrongCount += 1;
    // Tokens and codes have 43 characters.
    if (this.wrong.length < 20) this.wrong.push(problem.replace(/[\w-]{43}/g, '[masked]'));
  }
}

/** Between two actions, in milliseconds, at most. */
const longestPauseMs = 200;

/** Whose the application is. */
export const ownerID = 'user-1';

type Page = { status: number; location: string; json: Record<string, unknown> };

let actionCount = 0;

/** A person with a browser, who knows what each step must lead to. */
export class Browser {
  readonly #world: World;
  readonly #userID: string;
  readonly #cookies = new Map<string, string>();
  #action = '';
  #isSignedIn = false;
  /** What the application has: tokens that work, tokens of which the refresh token is used up or revoked, or none. */
  #tokens: 'live' | 'dead' | 'none' = 'none';
  /** Whether the access token has expired. */
  #isAged = false;

  constructor(userID: string, world: World) {
    this.#userID = userID;
    this.#world = world;
  }

  /** Does one thing after the other until the soak ends, and at least one. */
  async run(): Promise<void> {
    const { ending, outcomes } = this.#world;
    do {
      this.#action = `${this.#userID}/${++actionCount}`;
      try {
        await this.#act(Math.random());
        // Whoever does what: a browser is signed in as its own person or as nobody.
        const { json } = await this.#load('GET', '/me');
        demand('identity', json, { user: this.#isSignedIn ? this.#userID : null });
      } catch (error) {
        outcomes.complain(`${this.#action}: ${error}`);
      }
      await sleep(Math.random() * longestPauseMs, undefined, { signal: ending }).catch(() => {});
    } while (!ending.aborted);
  }

  async #act(random: number): Promise<void> {
    if (random < 0.04) await this.#deny();
    else if (random < 0.08) await this.#forge();
    else if (random < 0.12) await this.#askForOwnerToken();
    else if (!this.#isSignedIn || random < 0.35) await this.#signIn();
    else if (random < 0.85) await this.#refresh(random < 0.6);
    else if (random < 0.95) await this.#disconnect();
    else await this.#signOut();
  }

  async #signIn(): Promise<void> {
    const callback = await this.#authorize(false);
    const page = await this.#load('GET', callback);
    const arrivals = await this.#takeArrivals();
    const exchanges = arrivals.filter(({ endpoint }) => endpoint === 'token');
    const profiles = arrivals.filter(({ endpoint }) => endpoint === 'me');
    const exchangeFailure = foreseeFailure(exchanges);
    if (exchangeFailure) demand('requests for a profile', profiles.length, 0);
    const failure = exchangeFailure ?? foreseeFailure(profiles);
    this.#conclude('sign-in', page, failure, { user: this.#userID });
    if (failure) return;
    this.#isSignedIn = true;
    this.#tokens = 'live';
    this.#isAged = false;
    // Now and then the callback is opened again.
    if (Math.random() < 0.1) await this.#openRefusedCallback('replay', callback, 403);
  }

  async #deny(): Promise<void> {
    await this.#openRefusedCallback('denial', await this.#authorize(true), 401);
  }

  /** A callback that belongs to no sign-in of this browser. */
  async #forge(): Promise<void> {
    const url = '/auth/metafy/callback?code=somebody-elses&state=AAAAAAAAAAAAAAAAAAAAAA';
    await this.#openRefusedCallback('forgery', url, 403);
  }

  async #openRefusedCallback(activity: string, url: string, status: number): Promise<void> {
    demand(activity, (await this.#load('GET', url)).status, status);
    this.#world.outcomes.note(activity, false);
  }

  /** @param ages lets the access token expire before */
  async #refresh(ages: boolean): Promise<void> {
    const page = await this.#load('GET', `/tokens${ages ? '?aged=1' : ''}`);
    const arrivals = await this.#takeArrivals();
    if (this.#tokens === 'none') {
      demand('requests', arrivals.length, 0);
      this.#conclude('refresh', page, { code: 'login_required', status: 401 });
      return;
    }
    this.#isAged ||= ages;
    const fault = foreseeFailure(arrivals);
    const isDead = this.#tokens === 'dead';
    const rejected: Failure = { code: 'login_required', status: 401, upstreamStatus: 400 };
    // While Metafy cannot be reached, an access token that has not expired stays in use.
    const withoutFault = isDead ? rejected : undefined;
    const failure = fault ? (this.#isAged ? fault : undefined) : withoutFault;
    if (arrivals.at(-1)?.fault === 'truncate') this.#tokens = 'dead';
    if (!fault && !failure) this.#isAged = false;
    this.#conclude('refresh', page, failure);
    // As the application would ask for: the person signs in again.
    if (failure === rejected) await this.#signOut();
    if (failure) return;

    const accessTokens = page.json.accessTokens as string[];
    demand('number of different tokens', new Set(accessTokens).size, 1);
    demand('owner of the token', await this.#identify(accessTokens[0]), this.#tokens === 'dead' ? '401' : this.#userID);
  }

  async #disconnect(): Promise<void> {
    const page = await this.#load('POST', '/disconnect');
    const arrivals = await this.#takeArrivals();
    const hasNone = this.#tokens === 'none' && arrivals.length === 0;
    const failure = hasNone ? undefined : foreseeFailure(arrivals);
    this.#conclude('revocation', page, failure, {});
    if (!failure) this.#tokens = 'none';
    else if (arrivals.at(-1)?.fault === 'truncate') this.#tokens = 'dead';
  }

  async #askForOwnerToken(): Promise<void> {
    const page = await this.#load('GET', `/owner/${this.#userID}`);
    const failure = foreseeFailure(await this.#takeArrivals());
    this.#conclude('owner token', page, failure);
    if (failure) return;
    demand('owner of the owner token', await this.#identify(page.json.accessToken), ownerID);
  }

  async #signOut(): Promise<void> {
    await this.#load('POST', '/logout');
    this.#isSignedIn = false;
  }

  /** Where Metafy sends the browser back to. */
  async #authorize(deny: boolean): Promise<string> {
    const { status, location: url } = await this.#load('GET', '/auth/metafy');
    demand('redirect to Metafy', status, 302);
    return this.#world.metafy.ask<string>('authorize', { url, user: this.#userID, deny });
  }

  #identify(accessToken: unknown): Promise<string> {
    return this.#world.metafy.ask('identify', { accessToken });
  }

  /** The requests that the application has sent for this action. */
  #takeArrivals(): Promise<Arrival[]> {
    return this.#world.metafy.ask('takeArrivals', { action: this.#action });
  }

  #conclude(activity: string, page: Page, failure: Failure | undefined, json: object = page.json): void {
    if (failure) demand(activity, [page.status, page.json], [failure.status, { error: failure }]);
    else demand(activity, [page.status, page.json], [200, json]);
    this.#world.outcomes.note(activity, !failure);
  }

  async #load(method: string, path: string): Promise<Page> {
    const { agent, applicationURL } = this.#world;
    const cookie = [...this.#cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { [actionHeader]: this.#action, ...(cookie && { cookie }) };
    const signal = AbortSignal.timeout(30_000);
    const answer = await sendRequest(new URL(path, applicationURL), { method, agent, headers, signal });
    for (const pair of readCookies(answer)) {
      const [name = '', value = ''] = pair.split('=', 2);
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const isJSON = answer.headers['content-type']?.includes('json');
    const { status, headers: received } = answer;
    return { status, location: received.location ?? '', json: isJSON ? JSON.parse(answer.body) : {} };
  }
}

function demand(what: string, actual: unknown, demanded: unknown): void {
  if (isDeepStrictEqual(actual, demanded)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(demanded)}`);
}
