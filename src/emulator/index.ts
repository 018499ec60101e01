/** `passport-metafy/emulator`: a Metafy for test suites. */
export type { MetafyEmulatorEndpoint, MetafyEmulatorFault } from './http/faults';
export type { MetafyEmulatorRequest } from './http/request-log';
export { MetafyEmulator } from './metafy-emulator';
export type { MetafyEmulatorAuthorizeOptions } from './oauth/authorize-in-process';
export type {
  MetafyEmulatorApplication,
  MetafyEmulatorOptions,
  MetafyEmulatorRefreshMode,
  MetafyEmulatorUser,
} from './options';
export { Visitor } from './visitor';
