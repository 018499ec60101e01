import { createHash } from 'node:crypto';
import { takeRandomBytes } from './random';

/** @see RFC 7636, section 4.1: 32 random octets, base64url-encoded into 43 characters */
export function createVerifier(): string {
  return takeRandomBytes(32).toString('base64url');
}

/** @see RFC 7636, section 4.2 (`S256`) */
export function toChallenge(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
