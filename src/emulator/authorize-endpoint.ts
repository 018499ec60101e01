import { type Answer, prefersJSON, problemAnswer, redirectAnswer } from './answers';
import { type AuthorizationOutcome, grantAuthorization, refuseAuthorization } from './authorization-outcome';
import {
  AUTHORIZATION_PARAMETERS,
  AuthorizationProblem,
  type AuthorizationRequest,
  readAuthorizationRequest,
} from './authorization-request';
import type { Configuration, MetafyEmulatorUser } from './configuration';
import type { Grants } from './grants';
import type { Incoming } from './incoming';
import { applicationFormTargets, pageAnswer } from './page-answer';
import { renderConsentPage } from './pages/consent';
import { renderErrorPage } from './pages/error';
import { renderFormPostPage } from './pages/form-post';
import { renderSignInPage } from './pages/sign-in';
import { renderStaleFormPage } from './pages/stale-form';
import { addToRedirectURI } from './redirect-uri';
import { type Session, Sessions, serializeSession } from './sessions';

/** The path of the pages; signing in and out at the emulator lies beside it. */
export const AUTHORIZE_PATH = '/auth/authorize';
/** Where the sign-in page posts to. */
export const SIGN_IN_PATH = '/auth/sign-in';
/** Where the consent page's “not you?” posts to. */
export const SIGN_OUT_PATH = '/auth/sign-out';

/** What a person sees between the application's link and its callback. */
export class AuthorizeEndpoint {
  readonly #configuration: Configuration;
  readonly #grants: Grants;
  readonly #sessions = new Sessions();

  constructor(configuration: Configuration, grants: Grants) {
    this.#configuration = configuration;
    this.#grants = grants;
  }

  /** `GET /auth/authorize`: the sign-in page, the consent page, or what is wrong with the link. */
  async show(incoming: Incoming): Promise<Answer> {
    return this.#withRequest(incoming, (request) => {
      const session = this.#sessions.find(incoming.headers.cookie);
      return this.#renderPage(incoming, request, session ?? this.#sessions.open());
    });
  }

  /** `POST /auth/authorize`: the person allows, or with `_method=delete` refuses. */
  async decide(incoming: Incoming): Promise<Answer> {
    const session = this.#findGenuineSession(incoming);
    if (!session) return refuseForm(incoming);
    return this.#withRequest(incoming, async (request) => {
      const user = this.#findUser(session);
      if (!user) return this.#renderPage(incoming, request, session);
      const isRefusal = incoming.parameters.get('_method') === 'delete';
      return answerOutcome(
        request,
        isRefusal
          ? refuseAuthorization(request)
          : await grantAuthorization(request, this.#grants, user.id, request.scope),
      );
    });
  }

  /** `POST /auth/sign-in`: from here on the browser is somebody; then back to the page. */
  signIn(incoming: Incoming): Answer {
    const user = this.#configuration.users.find(({ id }) => id === incoming.parameters.get('user'));
    return this.#changeUser(incoming, user?.id);
  }

  /** `POST /auth/sign-out`: from here on the browser is nobody; then back to the page. */
  signOut(incoming: Incoming): Answer {
    return this.#changeUser(incoming, undefined);
  }

  #changeUser(incoming: Incoming, userID: string | undefined): Answer {
    const session = this.#findGenuineSession(incoming);
    if (!session) return refuseForm(incoming);
    this.#sessions.close(session);
    const answer = redirectAnswer(`${AUTHORIZE_PATH}?${incoming.search}`, 303);
    answer.headers['Set-Cookie'] = serializeSession(this.#sessions.open(userID));
    return answer;
  }

  #renderPage(incoming: Incoming, request: AuthorizationRequest, session: Session): Answer {
    const user = this.#findUser(session);
    const { csrfToken } = session;
    const { application, scope } = request;
    const parameters = collectParameters(incoming);
    const query = new URLSearchParams(parameters);
    const answer = user
      ? pageAnswer(
          renderConsentPage({
            application: application.name,
            scope,
            destination: describeDestination(request.redirectURI),
            user,
            csrfToken,
            parameters,
            authorizePath: AUTHORIZE_PATH,
            signOutPath: `${SIGN_OUT_PATH}?${query}`,
          }),
          applicationFormTargets(request.redirectURI),
        )
      : pageAnswer(
          renderSignInPage({
            application: application.name,
            users: this.#configuration.users,
            csrfToken,
            signInPath: `${SIGN_IN_PATH}?${query}`,
          }),
          "'self'",
        );
    answer.headers['Set-Cookie'] = serializeSession(session);
    return answer;
  }

  #findUser(session: Session): MetafyEmulatorUser | undefined {
    return this.#configuration.users.find(({ id }) => id === session.userID);
  }

  #findGenuineSession({ headers, parameters }: Incoming): Session | undefined {
    const session = this.#sessions.find(headers.cookie);
    return session?.csrfToken === parameters.get('authenticity_token') ? session : undefined;
  }

  async #withRequest(
    { parameters, headers }: Incoming,
    answer: (request: AuthorizationRequest) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await answer(readAuthorizationRequest(parameters, this.#configuration.applications));
    } catch (error) {
      if (!(error instanceof AuthorizationProblem)) throw error;
      // Doorkeeper has this page in HTML only, and fails when asked for JSON (Z20).
      if (prefersJSON(headers.accept)) return problemAnswer(500, headers.accept);
      return pageAnswer(renderErrorPage(error.code, error.message), "'none'");
    }
  }
}

// Rails has no body here (Z33), which leaves a person with their browser's own error.
function refuseForm({ headers: { accept } }: Incoming): Answer {
  if (!accept?.includes('text/html')) return problemAnswer(422, accept);
  return { ...pageAnswer(renderStaleFormPage(), "'none'"), status: 422 };
}

function answerOutcome(request: AuthorizationRequest, outcome: AuthorizationOutcome): Answer {
  const { application, redirectURI, isFormPost } = request;
  if (!isFormPost) return redirectAnswer(addToRedirectURI(redirectURI, outcome));
  const page = renderFormPostPage({ application: application.name, redirectURI, outcome });
  return pageAnswer(page, applicationFormTargets(redirectURI));
}

function collectParameters({ parameters }: Incoming): [name: string, value: string][] {
  return AUTHORIZATION_PARAMETERS.flatMap((name) => {
    const value = parameters.get(name);
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
}

function describeDestination(redirectURI: string): string {
  const { origin, protocol } = new URL(redirectURI);
  return origin === 'null' ? protocol : origin;
}
