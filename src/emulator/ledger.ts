import { randomBytes } from 'node:crypto';

/** What one person once allowed one application. Revoking it ends every token that descends from it. */
export interface Consent {
  isRevoked: boolean;
}

/** An authorization code on its way to the application. */
export interface CodeRecord {
  readonly code: string;
  readonly consent: Consent;
  readonly clientID: string;
  readonly userID: string;
  readonly redirectURI: string;
  readonly scope: string[];
  readonly codeChallenge?: string;
  readonly codeChallengeMethod?: string;
  expiresAt: Date;
  isUsed: boolean;
}

/** An access token and the refresh token issued with it: they live and die together, as in Doorkeeper. */
export interface TokenRecord {
  readonly accessToken: string;
  /** Absent for client credentials. */
  readonly refreshToken?: string;
  readonly consent: Consent;
  readonly clientID: string;
  /** Absent when the application that asked with its own credentials has no owner. */
  readonly userID?: string;
  readonly scope: string[];
  readonly createdAt: Date;
  accessTokenExpiresAt: Date;
  /** Refresh tokens do not expire unless they are made to. */
  refreshTokenExpiresAt?: Date;
  /** The pair this one replaces on its first use. */
  previous?: TokenRecord;
  isRevoked: boolean;
}

/** An opaque value as Metafy issues them: 43 URL-safe characters. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a pair no longer counts, on its own account or because its consent was withdrawn. */
export function isRevoked(record: TokenRecord): boolean {
  return record.isRevoked || record.consent.isRevoked;
}

/** Everything the emulator has issued, for as long as it exists. */
export class Ledger {
  readonly #codes = new Map<string, CodeRecord>();
  readonly #byAccessToken = new Map<string, TokenRecord>();
  readonly #byRefreshToken = new Map<string, TokenRecord>();

  addCode(record: CodeRecord): void {
    this.#codes.set(record.code, record);
  }

  addTokens(record: TokenRecord): void {
    this.#byAccessToken.set(record.accessToken, record);
    if (record.refreshToken !== undefined) this.#byRefreshToken.set(record.refreshToken, record);
  }

  findCode(code: string): CodeRecord | undefined {
    return this.#codes.get(code);
  }

  findByAccessToken(accessToken: string): TokenRecord | undefined {
    return this.#byAccessToken.get(accessToken);
  }

  findByRefreshToken(refreshToken: string): TokenRecord | undefined {
    return this.#byRefreshToken.get(refreshToken);
  }

  /** Whether the emulator ever issued this value. */
  has(value: string): boolean {
    return this.#codes.has(value) || this.#byAccessToken.has(value) || this.#byRefreshToken.has(value);
  }

  /**
   * Ends the life of one code, access token or refresh token, as if its time were over.
   *
   * @throws {Error} when the emulator never issued it.
   */
  expire(value: string): void {
    const longAgo = new Date(0);
    const code = this.#codes.get(value);
    const byAccessToken = this.#byAccessToken.get(value);
    const byRefreshToken = this.#byRefreshToken.get(value);
    if (code) code.expiresAt = longAgo;
    else if (byAccessToken) byAccessToken.accessTokenExpiresAt = longAgo;
    else if (byRefreshToken) byRefreshToken.refreshTokenExpiresAt = longAgo;
    // The value itself stays out of the message: it may be a real secret, passed by mistake.
    else throw new Error('MetafyEmulator: this emulator never issued the token or code that should expire.');
  }
}
