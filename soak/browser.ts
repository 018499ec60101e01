import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Failure, foreseeProfile, foreseeRequest } from './faults';
import type { Ledger } from './ledger';
import type { Metafy } from './metafy';
import { type Page, PageLoader } from './page';

export interface BrowserWorld {
  applicationURL: string;
  agent: http.Agent;
  metafy: Metafy;
  ledger: Ledger;
  /** Aborts when the soak is over. */
  ending: AbortSignal;
}

/** Between two actions, in milliseconds, at most. */
const longestPauseMs = 200;

/** Whose the application is. */
export const ownerID = 'user-1';

const loginRequired: Failure = { code: 'login_required', status: 401 };
const loginRequiredByMetafy: Failure = { ...loginRequired, upstreamStatus: 400 };

/** A person with a browser, who knows what each step must lead to. */
export class Browser {
  readonly #world: BrowserWorld;
  readonly #userID: string;
  readonly #loader: PageLoader;
  #actionCount = 0;
  #isSignedIn = false;
  /** What the application keeps: tokens that work, tokens whose refresh token is used up or revoked, or none. */
  #tokens: 'live' | 'dead' | 'none' = 'none';
  /** Whether the access token that is kept has expired. */
  #isAged = false;

  constructor(userID: string, world: BrowserWorld) {
    this.#userID = userID;
    this.#world = world;
    this.#loader = new PageLoader(world.applicationURL, world.agent);
  }

  /** Does one thing after the other until the soak ends. */
  async run(): Promise<void> {
    const { ending, ledger } = this.#world;
    while (!ending.aborted) {
      this.#actionCount += 1;
      const action = `${this.#userID}/${this.#actionCount}`;
      try {
        await this.#act(action);
      } catch (error) {
        ledger.complain(`${action}: ${error}`);
      }
      await sleep(Math.random() * longestPauseMs, undefined, { signal: ending }).catch(() => {});
    }
  }

  async #act(action: string): Promise<void> {
    const dice = Math.random();
    if (dice < 0.04) await this.#refuse(action);
    else if (dice < 0.08) await this.#forge(action);
    else if (dice < 0.12) await this.#askForOwnerToken(action);
    else if (!this.#isSignedIn || dice < 0.35) await this.#signIn(action);
    else if (dice < 0.85) await this.#refresh(action, dice < 0.6);
    else if (dice < 0.95) await this.#disconnect(action);
    else await this.#signOut(action);
    await this.#checkIdentity(action);
  }

  async #signIn(action: string): Promise<void> {
    const { ledger, metafy } = this.#world;
    const callback = await metafy.authorize(await this.#startSignIn(action), this.#userID, false);
    const page = await this.#loader.load('GET', callback, action);

    const exchange = foreseeRequest(action, 'token');
    ledger.expectRequests(exchange.requests, exchange.fault);
    let fault = exchange.fault;
    if (!fault) {
      const profile = foreseeProfile(action);
      ledger.expectRequests(profile.requests, profile.fault);
      fault = profile.fault;
    }
    this.#demand(`${action} sign-in`, page, fault?.failure, { user: this.#userID });
    ledger.note('sign-in', !fault);
    if (fault) return;
    this.#isSignedIn = true;
    this.#tokens = 'live';
    this.#isAged = false;
    if (Math.random() < 0.1) await this.#replay(action, callback);
  }

  /** The callback of a sign-in that is finished. */
  async #replay(action: string, callback: string): Promise<void> {
    const { status } = await this.#loader.load('GET', callback, action);
    this.#world.ledger.demand(`${action} replay`, status, 403);
    this.#world.ledger.note('forgery', false);
  }

  /** The person does not allow access. */
  async #refuse(action: string): Promise<void> {
    const { ledger, metafy } = this.#world;
    const callback = await metafy.authorize(await this.#startSignIn(action), this.#userID, true);
    const { status } = await this.#loader.load('GET', callback, action);
    ledger.demand(`${action} refusal`, status, 401);
    ledger.note('refusal', false);
  }

  /** A callback that belongs to no sign-in of this browser. */
  async #forge(action: string): Promise<void> {
    const url = '/auth/metafy/callback?code=somebody-elses&state=AAAAAAAAAAAAAAAAAAAAAA';
    const { status } = await this.#loader.load('GET', url, action);
    this.#world.ledger.demand(`${action} forgery`, status, 403);
    this.#world.ledger.note('forgery', false);
  }

  /** @param ages lets the access token that is kept expire before */
  async #refresh(action: string, ages: boolean): Promise<void> {
    const { ledger, metafy } = this.#world;
    const page = await this.#loader.load('GET', `/tokens${ages ? '?aged=1' : ''}`, action);
    if (this.#tokens === 'none') {
      this.#demand(`${action} refresh of nothing`, page, loginRequired);
      ledger.note('refresh', false);
      return;
    }
    const { requests, fault } = foreseeRequest(action, 'token');
    ledger.expectRequests(requests, fault);
    this.#isAged ||= ages;
    // While Metafy is out of reach, an access token that has not expired is handed out.
    const failureByFault = this.#isAged ? fault?.failure : undefined;
    const failure = fault ? failureByFault : this.#failureOfTokens();
    if (fault?.isHandled) this.#tokens = 'dead';
    if (!fault && !failure) this.#isAged = false;
    if (!this.#demand(`${action} refresh`, page, failure)) return;
    ledger.note('refresh', !failure);
    if (failure) return;

    const accessTokens = page.json?.accessTokens as string[];
    ledger.demand(`${action} number of different tokens`, new Set(accessTokens).size, 1);
    const owner = await metafy.identify(accessTokens[0] ?? '');
    ledger.demand(`${action} owner of the token`, owner, this.#tokens === 'dead' ? '401' : this.#userID);
  }

  #failureOfTokens(): Failure | undefined {
    return this.#tokens === 'dead' ? loginRequiredByMetafy : undefined;
  }

  async #disconnect(action: string): Promise<void> {
    const { ledger } = this.#world;
    const page = await this.#loader.load('POST', '/disconnect', action);
    if (this.#tokens === 'none') {
      this.#demand(`${action} revocation of nothing`, page, undefined, {});
      return;
    }
    const { requests, fault } = foreseeRequest(action, 'revoke');
    ledger.expectRequests(requests, fault);
    this.#demand(`${action} revocation`, page, fault?.failure, {});
    ledger.note('revocation', !fault);
    if (!fault) this.#tokens = 'none';
    else if (fault.isHandled) this.#tokens = 'dead';
  }

  async #askForOwnerToken(action: string): Promise<void> {
    const { ledger, metafy } = this.#world;
    const page = await this.#loader.load('GET', `/owner/${this.#userID}`, action);
    const { requests, fault } = foreseeRequest(action, 'token');
    ledger.expectRequests(requests, fault);
    if (!this.#demand(`${action} owner token`, page, fault?.failure)) return;
    ledger.note('owner token', !fault);
    if (fault) return;
    const owner = await metafy.identify(page.json?.accessToken as string);
    ledger.demand(`${action} owner of the owner token`, owner, ownerID);
  }

  async #signOut(action: string): Promise<void> {
    await this.#loader.load('POST', '/logout', action);
    this.#isSignedIn = false;
  }

  async #startSignIn(action: string): Promise<string> {
    const { status, location } = await this.#loader.load('GET', '/auth/metafy', action);
    this.#world.ledger.demand(`${action} redirect to Metafy`, status, 302);
    return location;
  }

  /** Whoever does what: a browser is signed in as its own person or as nobody. */
  async #checkIdentity(action: string): Promise<void> {
    const { json } = await this.#loader.load('GET', '/me', action);
    const demanded = { user: this.#isSignedIn ? this.#userID : null };
    this.#world.ledger.demand(`${action} identity afterwards`, json, demanded);
  }

  #demand(what: string, page: Page, failure: Failure | undefined, body?: object): boolean {
    const { ledger } = this.#world;
    if (failure) return ledger.demand(what, [page.status, page.json], [failure.status, { error: failure }]);
    if (!ledger.demand(what, page.status, 200)) return false;
    return body === undefined || ledger.demand(what, page.json, body);
  }
}
