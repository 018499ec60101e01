import type { AuthorizationRequest } from './authorization-request';
import type { Application, Configuration } from './configuration';
import type { Credentials } from './credentials';
import { GRANTS, GrantModel } from './grant-model';
import type { Ledger, TokenRecord } from './ledger';
import { OAuth2Server } from './oauth2-server';
import type { Parameters } from './parameters';
import { OAuthProblem } from './problems';

/** All that the library may see of a token request; everything else would be a second opinion. */
const TOKEN_PARAMETERS = ['grant_type', 'code', 'redirect_uri', 'code_verifier', 'refresh_token', 'scope'];

/** `content-length` because the library takes a request without one for a request without a body. */
const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' };

/**
 * Issues codes and tokens: a thin adaptor around `@node-oauth/oauth2-server`, which decides.
 *
 * The adaptor gives the library what it insists on (a form) and makes its refusals Doorkeeper's. Doorkeeper
 * complains of a missing parameter before it looks at the client (A07, A13, A23), so those are checked first.
 */
export class Grants {
  readonly #configuration: Configuration;
  readonly #ledger: Ledger;

  constructor(configuration: Configuration, ledger: Ledger) {
    this.#configuration = configuration;
    this.#ledger = ledger;
  }

  /** The application whose id and secret these are. */
  authenticate(credentials: Credentials | undefined): Application | undefined {
    if (credentials === undefined) return undefined;
    const { clientID, clientSecret } = credentials;
    return this.#configuration.applications.find(
      (application) => application.clientID === clientID && application.clientSecret === clientSecret,
    );
  }

  /** A fresh authorization code for what a user has allowed. */
  async issueCode(request: AuthorizationRequest, userID: string, scope: readonly string[]): Promise<string> {
    const body = {
      client_id: request.application.clientID,
      redirect_uri: request.redirectURI,
      response_type: 'code',
      scope: scope.join(' '),
      code_challenge: request.codeChallenge,
      code_challenge_method: request.codeChallengeMethod,
    };
    const code = await this.#createServer(new GrantModel(this.#configuration, this.#ledger)).authorize(
      new OAuth2Server.Request({ method: 'POST', headers: FORM_HEADERS, query: {}, body }),
      new OAuth2Server.Response(),
      // The callback URL is ours to build, state included: the library's would not be spelt as recorded (Z01).
      { allowEmptyState: true, authenticateHandler: { handle: () => ({ id: userID }) } },
    );
    return code.authorizationCode;
  }

  /**
   * The tokens a token request asks for.
   *
   * @throws {OAuthProblem} when they are refused.
   */
  async issueTokens(parameters: Parameters, credentials: Credentials | undefined): Promise<TokenRecord> {
    this.#checkPresence(parameters);
    // A refresh without a client is not a failed authentication: the token just is not theirs (R15).
    if (parameters.get('grant_type') === 'refresh_token' && !credentials) {
      throw new OAuthProblem('invalid_grant');
    }
    const application = this.authenticate(credentials);
    if (!application) throw new OAuthProblem('invalid_client');

    const presented = TOKEN_PARAMETERS.map((name) => [name, parameters.get(name)] as const);
    const body = {
      ...Object.fromEntries(presented.filter(([, value]) => value !== undefined)),
      client_id: application.clientID,
      client_secret: application.clientSecret,
    };
    const model = new GrantModel(this.#configuration, this.#ledger);
    try {
      await this.#createServer(model).token(
        new OAuth2Server.Request({ method: 'POST', headers: FORM_HEADERS, query: {}, body }),
        new OAuth2Server.Response(),
      );
    } catch (error) {
      throw translateError(error);
    }
    if (!model.issued) throw new Error('The library issued a token without storing it.');
    return model.issued;
  }

  #checkPresence(parameters: Parameters): void {
    const grantType = parameters.get('grant_type');
    if (grantType === undefined) throw OAuthProblem.missing('grant_type');
    if (!GRANTS.includes(grantType)) throw new OAuthProblem('unsupported_grant_type');
    const required = this.#listRequired(grantType, parameters.get('code'));
    const missing = required.find((name) => parameters.get(name) === undefined);
    if (missing !== undefined) throw OAuthProblem.missing(missing);
  }

  #listRequired(grantType: string, code: string | undefined): string[] {
    if (grantType === 'refresh_token') return ['refresh_token'];
    if (grantType === 'client_credentials') return [];
    const isChallenged = code !== undefined && this.#ledger.findCode(code)?.codeChallenge !== undefined;
    return isChallenged ? ['code', 'code_verifier', 'redirect_uri'] : ['code', 'redirect_uri'];
  }

  #createServer(model: GrantModel): InstanceType<typeof OAuth2Server> {
    const options = {
      model,
      accessTokenLifetime: this.#configuration.accessTokenLifetimeSeconds,
      authorizationCodeLifetime: this.#configuration.authorizationCodeLifetimeSeconds,
      enablePlainPKCE: true,
    };
    return new OAuth2Server(options);
  }
}

/**
 * Doorkeeper's error for one of the library's.
 *
 * What the library calls an invalid request is, once all required parameters are there, a redirect URI or a
 * verifier that does not fit (A12, P02): an invalid grant.
 */
function translateError(error: unknown): unknown {
  if (error instanceof OAuth2Server.InvalidScopeError) return new OAuthProblem('invalid_scope');
  if (error instanceof OAuth2Server.InvalidGrantError || error instanceof OAuth2Server.InvalidRequestError) {
    return new OAuthProblem('invalid_grant');
  }
  return error;
}
