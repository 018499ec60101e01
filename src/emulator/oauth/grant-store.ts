import { randomBytes } from 'node:crypto';
import type { Configuration } from '../configuration';

/** What one person once allowed one application. Revoking it ends every token that descends from it. */
export interface Authorization {
  readonly clientID: string;
  /** Absent when an application without an owner has asked with its own credentials. */
  readonly userID: string | undefined;
  isRevoked: boolean;
}

/** An authorization code on its way to the application. */
export interface AuthorizationCode {
  readonly authorization: Authorization;
  readonly redirectURI: string;
  readonly scope: readonly string[];
  readonly codeChallenge?: string;
  readonly codeChallengeMethod?: string;
  /** In milliseconds since the epoch. */
  expiresAt: number;
  isUsed: boolean;
}

/** An access token and the refresh token issued with it: they are valid and revoked together, as in Doorkeeper. */
export interface TokenPair {
  readonly accessToken: string;
  /** Absent for client credentials. */
  readonly refreshToken: string | undefined;
  readonly authorization: Authorization;
  readonly scope: readonly string[];
  readonly createdAt: number;
  accessTokenExpiresAt: number;
  /** Refresh tokens do not expire unless they are made to. */
  refreshTokenExpiresAt: number;
  /** The pair that this one replaces on its first use. */
  previous: TokenPair | undefined;
  isRevoked: boolean;
}

/** An opaque value as Metafy issues them: 43 URL-safe characters. */
export function generateToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a pair no longer counts, by itself or because its authorization was revoked. */
export function isRevoked(pair: TokenPair): boolean {
  return pair.isRevoked || pair.authorization.isRevoked;
}

/** Everything the emulator has issued, for as long as it exists. */
export class GrantStore {
  readonly #configuration: Configuration;
  readonly #codes = new Map<string, AuthorizationCode>();
  readonly #byAccessToken = new Map<string, TokenPair>();
  readonly #byRefreshToken = new Map<string, TokenPair>();

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** Issues an authorization code. */
  issueCode(grant: Omit<AuthorizationCode, 'expiresAt' | 'isUsed'>): string {
    const code = generateToken();
    const expiresAt = Date.now() + this.#configuration.authorizationCodeLifetimeSeconds * 1000;
    this.#codes.set(code, { ...grant, expiresAt, isUsed: false });
    return code;
  }

  /** Issues an access token and, unless told otherwise, a refresh token. */
  issueTokens(
    authorization: Authorization,
    scope: readonly string[],
    { previous, hasRefreshToken = true }: { previous?: TokenPair; hasRefreshToken?: boolean } = {},
  ): TokenPair {
    const createdAt = Date.now();
    const pair: TokenPair = {
      accessToken: generateToken(),
      refreshToken: hasRefreshToken ? generateToken() : undefined,
      authorization,
      scope,
      createdAt,
      accessTokenExpiresAt: createdAt + this.#configuration.accessTokenLifetimeSeconds * 1000,
      refreshTokenExpiresAt: Number.POSITIVE_INFINITY,
      previous,
      isRevoked: false,
    };
    this.#byAccessToken.set(pair.accessToken, pair);
    if (pair.refreshToken) this.#byRefreshToken.set(pair.refreshToken, pair);
    return pair;
  }

  findCode(code: string): AuthorizationCode | undefined {
    return this.#codes.get(code);
  }

  findByAccessToken(accessToken: string): TokenPair | undefined {
    return this.#byAccessToken.get(accessToken);
  }

  findByRefreshToken(refreshToken: string): TokenPair | undefined {
    return this.#byRefreshToken.get(refreshToken);
  }

  /**
   * Lets one code, access token or refresh token expire now.
   *
   * @throws {Error} when the emulator never issued it.
   */
  expire(value: string): void {
    const code = this.#codes.get(value);
    const byAccessToken = this.#byAccessToken.get(value);
    const byRefreshToken = this.#byRefreshToken.get(value);
    if (code) code.expiresAt = 0;
    else if (byAccessToken) byAccessToken.accessTokenExpiresAt = 0;
    else if (byRefreshToken) byRefreshToken.refreshTokenExpiresAt = 0;
    // The value itself stays out of the message: it may be a real secret, passed by mistake.
    else throw new Error('This emulator never issued the token or code that should expire.');
  }
}
