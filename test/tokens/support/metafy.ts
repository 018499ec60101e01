import { Agent } from 'node:http';
import type { MetafyClientOptions } from '../../../src';
import { MetafyEmulator, type MetafyEmulatorFault, type MetafyEmulatorRequest } from '../../../src/emulator';
import * as tokens from '../../end-to-end/support/tokens';
import { documentedTokens } from '../../support/nock-metafy';

export { issueTokens as signIn, listGrants, refreshModes, useToken } from '../../end-to-end/support/tokens';

/** How long the emulator's access tokens work. */
export const lifetimeMs = 7_200_000;

/** What an application's own secret may be. */
export const [secret, olderSecret] = ['n'.repeat(32), 'o'.repeat(32)] as const;

/** What is no token, and must be a `TypeError` before anything is sent. `requireToken` has a test of more. */
export const badTokens = ['', undefined, 'abc\ndef'];

/** What a dead refresh token is answered. */
export const invalidGrant: MetafyEmulatorFault = { status: 400, body: { error: 'invalid_grant' } };

export const loginRequired = { name: 'MetafyOAuthError', code: 'login_required', status: 401 };

/** An emulator that runs while the surrounding `describe` does, and forgets its requests between tests. */
export function useEmulator(): MetafyEmulator {
  const emulator = new MetafyEmulator();
  before(() => emulator.start());
  beforeEach(() => emulator.clearRequests());
  after(() => emulator.stop());
  return emulator;
}

// Keeps no connection, so that a reset is a fault of Metafy's, and no stale connection that a request is sent again after.
const agent = new Agent();

/** The emulator's application as a client of it. */
export function toClient(emulator: { url: string }): MetafyClientOptions {
  return { ...tokens.toClient(emulator), timeoutMs: 5000, agent };
}

export function listRevocations(emulator: MetafyEmulator): MetafyEmulatorRequest[] {
  return emulator.requests.filter(({ path }) => path === '/irk/oauth/revoke');
}

/** A token answer of the documented shape, changed as a test wants. */
export function toAnswer(changes: Record<string, unknown> = {}): { status: number; body: object } {
  return { status: 200, body: { ...documentedTokens, ...changes } };
}
