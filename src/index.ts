export type { MetafyAuthenticateOptions } from './authenticate-options';
export type { MetafyClientOptions } from './client';
export { CookieStateStore, type CookieStateStoreOptions } from './cookie-state-store';
export {
  MetafyError,
  type MetafyErrorDetails,
  MetafyOAuthError,
  MetafyResponseError,
  type MetafyResponseErrorCode,
} from './errors';
export type { MetafyProfile } from './profile';
export type { StateMetadata, StateStore } from './state-store';
export { MetafyStrategy, MetafyStrategy as Strategy } from './strategy';
export type { MetafyStrategyOptions } from './strategy-options';
export type { MetafyTokens, TokenResponse } from './tokens';
export type { MetafyDone, MetafyLogin, MetafyVerify, MetafyVerifyResult } from './verify';
