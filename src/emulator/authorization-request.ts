import type { Application } from './configuration';
import type { Parameters } from './parameters';
import { matchesRedirectURI } from './redirect-uri';

/** What an application asks of a person, checked. */
export interface AuthorizationRequest {
  readonly application: Application;
  readonly redirectURI: string;
  readonly scope: readonly string[];
  readonly state?: string;
  readonly codeChallenge?: string;
  readonly codeChallengeMethod?: string;
  /** Whether the answer goes to the application as a form post instead of a redirect. */
  readonly isFormPost: boolean;
}

/** The names of the parameters the pages carry along. */
export const AUTHORIZATION_PARAMETERS = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
];

/** The authorize page can only show an error: it has nobody, or no good reason, to call back. */
export class AuthorizationProblem extends Error {
  /** An OAuth-like code such as `invalid_scope`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'AuthorizationProblem';
    this.code = code;
  }
}

/**
 * The authorization request in the parameters of the authorize URL.
 *
 * @throws {AuthorizationProblem} saying exactly what is wrong with it, in Doorkeeper's order of checks.
 */
export function readAuthorizationRequest(
  parameters: Parameters,
  applications: readonly Application[],
): AuthorizationRequest {
  const application = findApplication(parameters.get('client_id'), applications);
  const redirectURI = checkRedirectURI(parameters.get('redirect_uri'), application);
  checkResponseType(parameters.get('response_type'));
  const scope = checkScope(parameters.get('scope'), application);
  const codeChallenge = parameters.get('code_challenge');
  const isChallenged = codeChallenge !== undefined;
  if (isChallenged) checkChallengeMethod(parameters.get('code_challenge_method'));
  return {
    application,
    redirectURI,
    scope,
    state: parameters.get('state'),
    codeChallenge,
    codeChallengeMethod: isChallenged ? parameters.get('code_challenge_method') : undefined,
    isFormPost: parameters.get('response_mode') === 'form_post',
  };
}

function findApplication(clientID: string | undefined, applications: readonly Application[]): Application {
  if (clientID === undefined) throw new AuthorizationProblem('invalid_request', 'client_id is missing.');
  const application = applications.find((candidate) => candidate.clientID === clientID);
  if (application) return application;
  throw new AuthorizationProblem('invalid_client', `No application has the client_id “${clientID}”.`);
}

function checkRedirectURI(redirectURI: string | undefined, application: Application): string {
  if (redirectURI === undefined) {
    throw new AuthorizationProblem('invalid_redirect_uri', 'redirect_uri is missing.');
  }
  if (application.redirectURIs.some((registered) => matchesRedirectURI(redirectURI, registered))) {
    return redirectURI;
  }
  throw new AuthorizationProblem(
    'invalid_redirect_uri',
    `“${redirectURI}” is not a redirect_uri of ${application.name}. Registered: ${application.redirectURIs.join(', ')}`,
  );
}

function checkResponseType(responseType: string | undefined): void {
  if (responseType === 'code') return;
  if (responseType === undefined)
    throw new AuthorizationProblem('invalid_request', 'response_type is missing.');
  throw new AuthorizationProblem(
    'unsupported_response_type',
    `response_type must be “code”, not “${responseType}”.`,
  );
}

function checkScope(scope: string | undefined, application: Application): string[] {
  const names = scope === undefined ? ['profile'] : scope.trim().split(/ +/);
  const wrong = names.find((name) => !application.scopes.includes(name));
  if (wrong === undefined) return [...new Set(names)];
  const hint = /[+,]/.test(wrong) ? ' Scopes are separated by a space, which is %20 in a URL.' : '';
  throw new AuthorizationProblem(
    'invalid_scope',
    `${application.name} may not ask for the scope “${wrong}”, only for: ${application.scopes.join(', ')}.${hint}`,
  );
}

function checkChallengeMethod(method: string | undefined): void {
  if (method === 'S256' || method === 'plain') return;
  throw new AuthorizationProblem(
    'invalid_code_challenge_method',
    `code_challenge_method must be “S256” or “plain”${method === undefined ? ', and it is missing' : `, not “${method}”`}.`,
  );
}
