import type { AuthorizationCode, Client, RefreshToken, Token, User } from '@node-oauth/oauth2-server';
import type { Application, Configuration } from './configuration';
import { type CodeRecord, isRevoked, type Ledger, randomToken, type TokenRecord } from './ledger';
import { OAuth2Server } from './oauth2-server';
import { matchesRedirectURI } from './redirect-uri';

/** The scope of who asks for none. */
const DEFAULT_SCOPE = ['profile'];

/** What the library knows of a code when it wants it stored. */
type CodeKey =
  | 'authorizationCode'
  | 'expiresAt'
  | 'redirectUri'
  | 'scope'
  | 'codeChallenge'
  | 'codeChallengeMethod';

/** The grants every application may use. */
export const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials'];

/**
 * What `@node-oauth/oauth2-server` asks about and stores, for **one** request.
 *
 * It serves one request only, because what the library wants done early happens late here: Doorkeeper uses
 * a code or a refresh token up when it issues tokens for it and not before (A14, A16, P03, R22), whereas the
 * library revokes both before it has checked the redirect URI, the verifier or the scope. So the two revoke
 * functions only nod, and `saveToken` spends what the request has presented.
 */
export class GrantModel {
  /** The tokens that were issued, once they are. */
  issued: TokenRecord | undefined;
  #spentCode: CodeRecord | undefined;
  #spentTokens: TokenRecord | undefined;
  readonly #configuration: Configuration;
  readonly #ledger: Ledger;

  constructor(configuration: Configuration, ledger: Ledger) {
    this.#configuration = configuration;
    this.#ledger = ledger;
  }

  /** Without a secret this only looks the application up, as the authorize page does. */
  async getClient(clientID: string, clientSecret: string | null): Promise<Client | undefined> {
    const application = this.#findApplication(clientID);
    const isAuthentic = clientSecret === null || application?.clientSecret === clientSecret;
    return application && isAuthentic ? toClient(application) : undefined;
  }

  async validateRedirectUri(redirectURI: string, client: Client): Promise<boolean> {
    const registered = this.#findApplication(client.id)?.redirectURIs ?? [];
    return registered.some((uri) => matchesRedirectURI(redirectURI, uri));
  }

  async validateScope(_user: User, client: Client, scope = DEFAULT_SCOPE): Promise<string[] | false> {
    const allowed = this.#findApplication(client.id)?.scopes ?? [];
    return scope.every((name) => allowed.includes(name)) && [...new Set(scope)];
  }

  async generateAuthorizationCode(): Promise<string> {
    return randomToken();
  }

  async generateAccessToken(): Promise<string> {
    return randomToken();
  }

  async generateRefreshToken(): Promise<string> {
    return randomToken();
  }

  async saveAuthorizationCode(
    code: Pick<AuthorizationCode, CodeKey>,
    client: Client,
    user: User,
  ): Promise<AuthorizationCode> {
    this.#ledger.addCode({
      code: code.authorizationCode,
      consent: { isRevoked: false },
      clientID: client.id,
      userID: String(user.id),
      redirectURI: code.redirectUri,
      scope: code.scope ?? [],
      codeChallenge: code.codeChallenge,
      codeChallengeMethod: code.codeChallengeMethod,
      expiresAt: code.expiresAt,
      isUsed: false,
    });
    return { ...code, client, user };
  }

  async getAuthorizationCode(authorizationCode: string): Promise<AuthorizationCode | undefined> {
    const record = this.#ledger.findCode(authorizationCode);
    const application = record && this.#findApplication(record.clientID);
    if (!record || !application || record.isUsed) return undefined;
    this.#spentCode = record;
    const { redirectURI: redirectUri, userID, ...rest } = record;
    return { ...rest, authorizationCode, redirectUri, client: toClient(application), user: { id: userID } };
  }

  async revokeAuthorizationCode(): Promise<boolean> {
    return true;
  }

  async getRefreshToken(refreshToken: string): Promise<RefreshToken | undefined> {
    const record = this.#ledger.findByRefreshToken(refreshToken);
    const application = record && this.#findApplication(record.clientID);
    if (!record || !application || isRevoked(record)) return undefined;
    this.#spentTokens = record;
    const { scope, refreshTokenExpiresAt, userID } = record;
    return {
      refreshToken,
      refreshTokenExpiresAt,
      scope,
      client: toClient(application),
      user: { id: userID },
    };
  }

  async revokeToken(): Promise<boolean> {
    return true;
  }

  async getUserFromClient(client: Client): Promise<User> {
    return { id: this.#findApplication(client.id)?.ownerID };
  }

  /** @throws {OAuth2Server.InvalidGrantError} when a concurrent request has been faster. */
  async saveToken(token: Token, client: Client, user: User): Promise<Token> {
    const consent = this.#spend();
    this.issued = {
      accessToken: token.accessToken,
      refreshToken: token.refreshToken,
      consent,
      clientID: client.id,
      userID: user.id === undefined ? undefined : String(user.id),
      scope: [...new Set(token.scope)],
      createdAt: new Date(),
      accessTokenExpiresAt: token.accessTokenExpiresAt ?? new Date(),
      previous: this.#configuration.refreshMode === 'on_use' ? this.#spentTokens : undefined,
      isRevoked: false,
    };
    this.#ledger.addTokens(this.issued);
    return { ...token, client, user };
  }

  /** The library wants it to exist; `/v1/me` reads the ledger itself, to tell revoked from expired. */
  async getAccessToken(): Promise<undefined> {
    return undefined;
  }

  #spend(): TokenRecord['consent'] {
    if (this.#spentCode) {
      if (this.#spentCode.isUsed) throw new OAuth2Server.InvalidGrantError('The code has been used.');
      this.#spentCode.isUsed = true;
      return this.#spentCode.consent;
    }
    if (this.#spentTokens) {
      if (isRevoked(this.#spentTokens)) throw new OAuth2Server.InvalidGrantError('The token is revoked.');
      if (this.#configuration.refreshMode === 'immediate') this.#spentTokens.isRevoked = true;
      return this.#spentTokens.consent;
    }
    return { isRevoked: false };
  }

  #findApplication(clientID: string): Application | undefined {
    return this.#configuration.applications.find((application) => application.clientID === clientID);
  }
}

function toClient({ clientID, redirectURIs }: Application): Client {
  return { id: clientID, redirectUris: redirectURIs, grants: GRANTS };
}
