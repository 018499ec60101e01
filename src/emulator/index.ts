/** `passport-metafy/emulator`: a Metafy for test suites. */
export type {
  MetafyEmulatorApplication,
  MetafyEmulatorOptions,
  MetafyEmulatorRefreshMode,
  MetafyEmulatorUser,
} from './configuration';
export type { MetafyEmulatorEndpoint, MetafyEmulatorFault } from './faults';
export type { MetafyEmulatorAuthorizeOptions } from './in-process-browser';
export { MetafyEmulator } from './metafy-emulator';
export type { MetafyEmulatorRequest } from './request-log';
