/** An OAuth error code of the token endpoint, with Doorkeeper's own words for it. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unsupported_grant_type';

const DESCRIPTIONS: Record<OAuthErrorCode, string> = {
  invalid_request:
    'The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed.',
  invalid_client:
    'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
  invalid_grant:
    'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
  invalid_scope: 'The requested scope is invalid, unknown, or malformed.',
  unsupported_grant_type: 'The authorization grant type is not supported by the authorization server.',
};

/** The token endpoint refuses: becomes the JSON `{ error, error_description }`. */
export class OAuthProblem extends Error {
  /** The `error` of the answer. */
  readonly code: OAuthErrorCode;

  constructor(code: OAuthErrorCode, description: string = DESCRIPTIONS[code]) {
    super(description);
    this.name = 'OAuthProblem';
    this.code = code;
  }

  /** `invalid_request` in the words Doorkeeper uses for a parameter that is absent or blank. */
  static missing(parameter: string): OAuthProblem {
    return new OAuthProblem('invalid_request', `Missing required parameter: ${parameter}.`);
  }
}

/** A request that no endpoint can make sense of: becomes an answer without OAuth in it. */
export class HTTPProblem extends Error {
  /** The status of the answer, a 4xx. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'HTTPProblem';
    this.status = status;
  }
}
