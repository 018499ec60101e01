export {
  type CheckedCommunityAccess,
  MetafyCommunityAccess,
  type MetafyCommunityAccessOptions,
} from './api/community-access';
export {
  type CommunityAccess,
  MetafyAPI,
  type MetafyAPIOptions,
  type MetafyCommunity,
  type MetafyList,
  type MetafySubscriber,
  type MetafyTier,
} from './api/metafy-api';
export {
  MetafyAccessError,
  MetafyError,
  type MetafyErrorDetails,
  MetafyOAuthError,
  MetafyResponseError,
  type MetafyResponseErrorCode,
  MetafySignInError,
  type MetafySignInErrorCode,
} from './errors';
export type { MetafyClientOptions, MetafyServerOptions } from './metafy/client';
export type { MetafyRequestTrace } from './metafy/http';
export type { MetafyProfile } from './metafy/profile';
export type { MetafyTokens, TokenResponse } from './metafy/token-response';
export type { TokenSource } from './metafy/token-source';
export { CookieStateStore, type CookieStateStoreOptions } from './passport/cookie-state-store';
export type {
  MetafyAuthenticateOptions,
  MetafyScope,
  MetafyStrategyOptions,
  SkipUserProfile,
} from './passport/options';
export type { StateMetadata, StateStore } from './passport/state-store';
export { MetafyStrategy, MetafyStrategy as Strategy } from './passport/strategy';
export type {
  MetafyClassicVerify,
  MetafyClassicVerifyWithParams,
  MetafyClassicVerifyWithRequest,
  MetafyClassicVerifyWithRequestAndParams,
  MetafyDone,
  MetafyLogin,
  MetafyVerify,
  MetafyVerifyResult,
} from './passport/verify';
export { MetafyClientCredentials, type MetafyClientCredentialsOptions } from './tokens/client-credentials';
export { type RefreshOptions, refreshTokens } from './tokens/refresh';
export { type RevokeOptions, revokeToken } from './tokens/revoke';
export { type GetTokensOptions, MetafyUserTokens, type MetafyUserTokensOptions } from './tokens/user-tokens';
export type { MetafyLock } from './util/lock';
export type { MetafyStore } from './util/sealed-store';
