import { createHash } from 'node:crypto';
import type { Application, Configuration } from '../configuration';
import type { EmulatorRequest } from '../http/request';
import { bearerChallenge, type EmulatorResponse, JSON_TYPE, NO_STORE } from '../http/response';
import { authenticateClient, type ClientCredentials, readClientCredentials } from './client-authentication';
import { type AuthorizationCode, type GrantStore, isRevoked, type TokenPair } from './grant-store';

/** Doorkeeper's descriptions of its errors. */
const DESCRIPTIONS = {
  invalid_client:
    'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
  invalid_grant:
    'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
  invalid_scope: 'The requested scope is invalid, unknown, or malformed.',
  unsupported_grant_type: 'The authorization grant type is not supported by the authorization server.',
};

/** An error of the token endpoint. */
class OAuthError extends Error {
  readonly code: string;

  constructor(code: keyof typeof DESCRIPTIONS | 'invalid_request', description?: string) {
    super(description ?? DESCRIPTIONS[code as keyof typeof DESCRIPTIONS]);
    this.code = code;
  }
}

/** `POST /irk/oauth/token`, with the grants `authorization_code`, `refresh_token` and `client_credentials`. */
export class TokenEndpoint {
  readonly #configuration: Configuration;
  readonly #store: GrantStore;

  constructor(configuration: Configuration, store: GrantStore) {
    this.#configuration = configuration;
    this.#store = store;
  }

  respond(request: EmulatorRequest): EmulatorResponse {
    const headers = { 'Content-Type': JSON_TYPE, ...NO_STORE };
    try {
      const pair = this.#grant(request);
      const body = JSON.stringify({
        access_token: pair.accessToken,
        token_type: 'Bearer',
        expires_in: this.#configuration.accessTokenLifetimeSeconds,
        refresh_token: pair.refreshToken,
        scope: pair.scope.join(' '),
        created_at: Math.floor(pair.createdAt / 1000),
      });
      return { status: 200, headers, body };
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const { code, message } = error;
      return {
        status: code === 'invalid_client' ? 401 : 400,
        headers: { ...headers, 'WWW-Authenticate': bearerChallenge(code, message) },
        body: JSON.stringify({ error: code, error_description: message }),
      };
    }
  }

  #grant(request: EmulatorRequest): TokenPair {
    const grantType = requireParameter(request, 'grant_type');
    if (grantType === 'authorization_code') return this.#redeemCode(request);
    if (grantType === 'refresh_token') return this.#refresh(request);
    if (grantType === 'client_credentials') return this.#issueToClient(request);
    throw new OAuthError('unsupported_grant_type');
  }

  // Doorkeeper names a missing parameter before it looks at the client (A07, A13), and uses a code up only when
  // everything is right (A14, A16, P03).
  #redeemCode(request: EmulatorRequest): TokenPair {
    const code = this.#store.findCode(requireParameter(request, 'code'));
    const codeVerifier =
      code?.codeChallenge === undefined
        ? request.parameters.get('code_verifier')
        : requireParameter(request, 'code_verifier');
    const redirectURI = requireParameter(request, 'redirect_uri');
    const { clientID } = this.#authenticate(readClientCredentials(request));
    const isValid =
      code?.authorization.clientID === clientID &&
      code.redirectURI === redirectURI &&
      code.expiresAt > Date.now() &&
      !code.isUsed &&
      isVerified(code, codeVerifier);
    if (!isValid) throw new OAuthError('invalid_grant');
    code.isUsed = true;
    return this.#store.issueTokens(code.authorization, code.scope);
  }

  #refresh(request: EmulatorRequest): TokenPair {
    const old = this.#store.findByRefreshToken(requireParameter(request, 'refresh_token'));
    const credentials = readClientCredentials(request);
    // Without a client this is not a failed authentication: the token is just not theirs (R15).
    if (!credentials) throw new OAuthError('invalid_grant');
    const { clientID } = this.#authenticate(credentials);
    const isValid =
      old?.authorization.clientID === clientID && !isRevoked(old) && old.refreshTokenExpiresAt > Date.now();
    if (!isValid) throw new OAuthError('invalid_grant');
    const scope = readScope(request, old.scope, old.scope);
    const isImmediate = this.#configuration.refreshMode === 'immediate';
    if (isImmediate) old.isRevoked = true;
    return this.#store.issueTokens(old.authorization, scope, { previous: isImmediate ? undefined : old });
  }

  #issueToClient(request: EmulatorRequest): TokenPair {
    const { clientID, ownerID, scopes } = this.#authenticate(readClientCredentials(request));
    const scope = readScope(request, scopes, ['profile']);
    const authorization = { clientID, userID: ownerID, isRevoked: false };
    return this.#store.issueTokens(authorization, scope, { hasRefreshToken: false });
  }

  #authenticate(credentials: ClientCredentials | undefined): Application {
    const application = authenticateClient(credentials, this.#configuration.applications);
    if (!application) throw new OAuthError('invalid_client');
    return application;
  }
}

function requireParameter({ parameters }: EmulatorRequest, name: string): string {
  const value = parameters.get(name);
  if (value !== undefined) return value;
  throw new OAuthError('invalid_request', `Missing required parameter: ${name}.`);
}

function readScope(
  { parameters }: EmulatorRequest,
  allowed: readonly string[],
  fallback: readonly string[],
): readonly string[] {
  const names = parameters.get('scope')?.trim().split(/ +/) ?? fallback;
  if (!names.every((name) => allowed.includes(name))) throw new OAuthError('invalid_scope');
  return [...new Set(names)];
}

/** Whether the verifier is the challenge's; without a challenge there must be none (P05). RFC 7636, section 4.6. */
function isVerified(
  { codeChallenge, codeChallengeMethod }: AuthorizationCode,
  codeVerifier: string | undefined,
): boolean {
  if (codeChallenge === undefined || codeVerifier === undefined) return codeChallenge === codeVerifier;
  if (!/^[\w.~-]{43,128}$/.test(codeVerifier)) return false;
  if (codeChallengeMethod === 'plain') return codeVerifier === codeChallenge;
  return createHash('sha256').update(codeVerifier).digest('base64url') === codeChallenge;
}
