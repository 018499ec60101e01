/** `passport-metafy/web`: sign in with `Request` and `Response`. It loads nothing of Passport's. */
export {
  MetafyError,
  type MetafyErrorDetails,
  MetafyOAuthError,
  MetafyResponseError,
  type MetafyResponseErrorCode,
  MetafySignInError,
  type MetafySignInErrorCode,
} from '../errors';
export type { MetafyClientOptions, MetafyServerOptions } from '../metafy/client';
export type { MetafyProfile } from '../metafy/profile';
export type { MetafyTokens, TokenResponse } from '../metafy/token-response';
export {
  MetafySignIn,
  type MetafySignInOptions,
  type MetafySignInResult,
  type MetafySignInStartOptions,
} from './sign-in';
