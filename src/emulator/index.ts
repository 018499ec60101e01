/** `passport-metafy/emulator`: a Metafy for test suites. */

export type {
  MetafyEmulatorAPIKey,
  MetafyEmulatorApplication,
  MetafyEmulatorCommunity,
  MetafyEmulatorNoAccessForm,
  MetafyEmulatorOptions,
  MetafyEmulatorRefreshMode,
  MetafyEmulatorSubscription,
  MetafyEmulatorTier,
  MetafyEmulatorUser,
} from './configuration';
export type { MetafyEmulatorAnswer, MetafyEmulatorEndpoint, MetafyEmulatorFault } from './http/faults';
export type { MetafyEmulatorRequest } from './http/request-log';
export { MetafyEmulator } from './metafy-emulator';
export type { MetafyEmulatorAuthorizeOptions } from './oauth/authorize-in-process';
export { Visitor } from './visitor';
