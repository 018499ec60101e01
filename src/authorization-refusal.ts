import { AuthorizationError } from 'passport-oauth2';
import type { CallbackParameters } from './callback-parameters';

/** A refusal that ends a login without being an error. */
export interface LoginRefusal {
  message: string;
  /** @default Passport's own, 401 */
  status?: number;
}

/** The application asked for something wrong, or the server has a problem: for its log, not for the person. */
const serverErrors = new Set([
  'invalid_request',
  'unauthorized_client',
  'unsupported_response_type',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
]);

/**
 * Reads the `error` of a callback; `undefined` when there is none.
 *
 * @throws AuthorizationError (passport-oauth2's) for the codes above: 502, 503, and 500 for the application's own
 * @see RFC 6749, section 4.1.2.1
 */
export function readRefusal(callback: CallbackParameters): LoginRefusal | undefined {
  const { error, error_description, error_uri } = callback;
  if (error === undefined) return undefined;
  const message = error_description || `Metafy refused the sign-in: ${error}.`;
  if (serverErrors.has(error)) throw new AuthorizationError(message, error, error_uri);
  return error === 'access_denied' ? { message } : { message, status: 400 };
}
