import type { Configuration, MetafyEmulatorUser } from '../configuration';
import type { EmulatorRequest } from '../http/request';
import { type EmulatorResponse, errorResponse, prefersJSON } from '../http/response';
import {
  AUTHORIZATION_PARAMETERS,
  type AuthorizationRequest,
  AuthorizationRequestError,
  readAuthorizationRequest,
} from '../oauth/authorization-request';
import { allow, deny } from '../oauth/authorization-response';
import type { GrantStore } from '../oauth/grant-store';
import { renderConsentPage } from './consent';
import { renderErrorPage, renderStaleFormPage } from './error';
import { html } from './html';
import { pageResponse } from './page-response';
import { type Session, SessionStore, serializeSession } from './sessions';
import { renderSignInPage } from './sign-in';

/** The path of the sign-in and consent pages. */
export const AUTHORIZE_PATH = '/auth/authorize';
/** Where the sign-in page posts to. */
export const SIGN_IN_PATH = '/auth/sign-in';
/** Where the consent page's “Not you?” posts to. */
export const SIGN_OUT_PATH = '/auth/sign-out';

/** What a person sees between the application's link and its callback. */
export class AuthorizeEndpoint {
  readonly #configuration: Configuration;
  readonly #store: GrantStore;
  readonly #sessions = new SessionStore();

  constructor(configuration: Configuration, store: GrantStore) {
    this.#configuration = configuration;
    this.#store = store;
  }

  /** `GET /auth/authorize`: the sign-in page, the consent page, or what is wrong with the link. */
  show(request: EmulatorRequest): EmulatorResponse {
    return this.#validate(request, (authorization) => {
      const session = this.#sessions.find(request.headers.cookie) ?? this.#sessions.create();
      return this.#showPage(request, authorization, session);
    });
  }

  /** `POST /auth/authorize`: the person allows, or with `_method=delete` denies. */
  decide(request: EmulatorRequest): EmulatorResponse {
    return this.#protect(request, (session) =>
      this.#validate(request, (authorization) => {
        const user = this.#findUser(session.userID);
        if (!user) return this.#showPage(request, authorization, session);
        const isDenied = request.parameters.get('_method') === 'delete';
        return redirect(
          isDenied ? deny(authorization) : allow(authorization, this.#store, user.id, authorization.scope),
        );
      }),
    );
  }

  /** `POST /auth/sign-in`: signs the chosen user in, and returns to the page. */
  signIn(request: EmulatorRequest): EmulatorResponse {
    return this.#changeUser(request, this.#findUser(request.parameters.get('user'))?.id);
  }

  /** `POST /auth/sign-out`: signs the user out, and returns to the page. */
  signOut(request: EmulatorRequest): EmulatorResponse {
    return this.#changeUser(request, undefined);
  }

  #changeUser(request: EmulatorRequest, userID: string | undefined): EmulatorResponse {
    return this.#protect(request, (session) => {
      this.#sessions.delete(session);
      const { headers, ...response } = redirect(`${AUTHORIZE_PATH}?${request.search}`);
      const cookie = serializeSession(this.#sessions.create(userID));
      return { ...response, status: 303, headers: { ...headers, 'Set-Cookie': cookie } };
    });
  }

  #showPage(
    { parameters }: EmulatorRequest,
    { application, redirectURI, scope }: AuthorizationRequest,
    session: Session,
  ): EmulatorResponse {
    const query = new URLSearchParams();
    for (const name of AUTHORIZATION_PARAMETERS) {
      const value = parameters.get(name);
      if (value !== undefined) query.set(name, value);
    }
    const page = { application: application.name, csrfToken: session.csrfToken };
    const user = this.#findUser(session.userID);
    const { headers, ...response } = user
      ? pageResponse(
          renderConsentPage({
            ...page,
            scope,
            redirectURI,
            user,
            fields: [...query],
            action: AUTHORIZE_PATH,
            signOutAction: `${SIGN_OUT_PATH}?${query}`,
          }),
          listFormTargets(redirectURI),
        )
      : pageResponse(
          renderSignInPage({
            ...page,
            users: this.#configuration.users,
            action: `${SIGN_IN_PATH}?${query}`,
          }),
          "'self'",
        );
    return { ...response, headers: { ...headers, 'Set-Cookie': serializeSession(session) } };
  }

  #findUser(userID: string | undefined): MetafyEmulatorUser | undefined {
    return this.#configuration.users.find(({ id }) => id === userID);
  }

  /** Answers a form that comes from a page of this browser's session, and refuses any other. */
  #protect(
    { headers, parameters }: EmulatorRequest,
    respond: (session: Session) => EmulatorResponse,
  ): EmulatorResponse {
    const session = this.#sessions.find(headers.cookie);
    if (session && session.csrfToken === parameters.get('authenticity_token')) return respond(session);
    // Rails has no body here (Z33), which leaves a person with their browser's own error.
    const isBrowser = headers.accept?.includes('text/html');
    return isBrowser ? pageResponse(renderStaleFormPage(), "'none'", 422) : errorResponse(422, headers.accept);
  }

  #validate(
    { parameters, headers }: EmulatorRequest,
    respond: (authorization: AuthorizationRequest) => EmulatorResponse,
  ): EmulatorResponse {
    try {
      return respond(readAuthorizationRequest(parameters, this.#configuration.applications));
    } catch (error) {
      if (!(error instanceof AuthorizationRequestError)) throw error;
      // Doorkeeper has this page in HTML only, and fails when asked for JSON (Z20).
      if (prefersJSON(headers.accept)) return errorResponse(500, headers.accept);
      return pageResponse(renderErrorPage(error.code, error.message), "'none'");
    }
  }
}

/** 302, with the body that Rails gives it. */
function redirect(location: string): EmulatorResponse {
  return {
    status: 302,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache', Location: location },
    body: html`<html><body>You are being <a href="${location}">redirected</a>.</body></html>`.toString(),
  };
}

/**
 * Where the consent form may lead.
 *
 * Chromium applies `form-action` to every redirect after the post as well, and an application's callback
 * often sends the browser on to another origin, such as its front end on another port. So all of the web is
 * allowed, and the scheme of the redirect URI when it is an app's own.
 */
function listFormTargets(redirectURI: string): string {
  return [...new Set(["'self'", 'http:', 'https:', new URL(redirectURI).protocol])].join(' ');
}
