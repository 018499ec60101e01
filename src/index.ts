export type { MetafyAuthenticateOptions } from './authenticate-options';
export type { MetafyClientOptions } from './client';
export { MetafyClientCredentials, type MetafyClientCredentialsOptions } from './client-credentials';
export { CookieStateStore, type CookieStateStoreOptions } from './cookie-state-store';
export {
  MetafyError,
  type MetafyErrorDetails,
  MetafyOAuthError,
  MetafyResponseError,
  type MetafyResponseErrorCode,
} from './errors';
export type { MetafyProfile } from './profile';
export { type RefreshOptions, refreshTokens } from './refresh';
export { type RevokeOptions, revokeToken } from './revoke';
export type { StateMetadata, StateStore } from './state-store';
export { MetafyStrategy, MetafyStrategy as Strategy } from './strategy';
export type { MetafyStrategyOptions } from './strategy-options';
export type { MetafyStore } from './token-store';
export type { MetafyTokens, TokenResponse } from './tokens';
export { type MetafyLock, MetafyUserTokens, type MetafyUserTokensOptions } from './user-tokens';
export type {
  MetafyClassicVerify,
  MetafyClassicVerifyWithParams,
  MetafyClassicVerifyWithRequest,
  MetafyClassicVerifyWithRequestAndParams,
  MetafyDone,
  MetafyLogin,
  MetafyVerify,
  MetafyVerifyResult,
} from './verify';
