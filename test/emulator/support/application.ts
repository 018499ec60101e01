import { createHash } from 'node:crypto';
import type { MetafyEmulator } from '../../../src/emulator';

/** What a token response holds. */
export interface TokenResponse {
  access_token: string;
  refresh_token: string;
  scope: string;
}

/** The demo application, as its own code would talk to the emulator. */
export class DemoApplication {
  readonly #emulator: MetafyEmulator;
  readonly credentials = { client_id: 'metafy-demo', client_secret: 'metafy-demo-secret' };
  readonly redirectURI = 'http://127.0.0.1:3000/auth/metafy/callback';

  constructor(emulator: MetafyEmulator) {
    this.#emulator = emulator;
  }

  /** The authorization URL, `undefined` leaving out a parameter. */
  authorizationURL(parameters: Record<string, string | undefined> = {}): string {
    const client = { client_id: this.credentials.client_id, redirect_uri: this.redirectURI };
    const all = { ...client, response_type: 'code', scope: 'profile', ...parameters };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return `${this.#emulator.url}/auth/authorize?${new URLSearchParams(given)}`;
  }

  /** A code for what the first user allows. */
  async getCode(parameters: Record<string, string> = {}): Promise<string> {
    const callback = await this.#emulator.authorize(this.authorizationURL(parameters));
    return new URL(callback).searchParams.get('code') ?? '';
  }

  /** Posts a form to the token endpoint, with the application's credentials. */
  async requestTokens(parameters: Record<string, string>, path = '/irk/oauth/token'): Promise<Response> {
    const body = new URLSearchParams({ ...this.credentials, ...parameters });
    return fetch(this.#emulator.url + path, { method: 'POST', body });
  }

  async redeem(code: string, parameters: Record<string, string> = {}): Promise<Response> {
    const grant = { grant_type: 'authorization_code', code, redirect_uri: this.redirectURI };
    return this.requestTokens({ ...grant, ...parameters });
  }

  async refresh(refreshToken: string, parameters: Record<string, string> = {}): Promise<Response> {
    return this.requestTokens({ grant_type: 'refresh_token', refresh_token: refreshToken, ...parameters });
  }

  async revoke(token: string, parameters: Record<string, string> = {}): Promise<Response> {
    return this.requestTokens({ token, ...parameters }, '/irk/oauth/revoke');
  }

  /** Calls the API, with a path below its own. */
  async callAPI(path: string, token: string): Promise<Response> {
    return fetch(`${this.#emulator.url}/irk/api${path}`, { headers: { Authorization: `Bearer ${token}` } });
  }

  async fetchMe(accessToken: string): Promise<Response> {
    return this.callAPI('/v1/me', accessToken);
  }

  /** Tokens from a fresh sign-in. */
  async signIn(scope = 'profile', user?: string): Promise<TokenResponse> {
    const callback = await this.#emulator.authorize(this.authorizationURL({ scope }), { user });
    return readTokens(await this.redeem(new URL(callback).searchParams.get('code') ?? ''));
  }

  /** Tokens from a refresh. */
  async refreshed(tokens: TokenResponse): Promise<TokenResponse> {
    return readTokens(await this.refresh(tokens.refresh_token));
  }
}

/** The tokens of a response. */
export async function readTokens(response: Response): Promise<TokenResponse> {
  return (await response.json()) as TokenResponse;
}

/** A verifier and its S256 challenge. */
export function createChallenge(): { verifier: string; challenge: string } {
  const verifier = 'a-verifier-of-at-least-forty-three-characters-';
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
