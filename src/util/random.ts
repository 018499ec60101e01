import { randomBytes } from 'node:crypto';

const poolBytes = 4096;
let pool = Buffer.alloc(0);
let used = 0;

/**
 * Random bytes that nobody else gets, drawn from the system 4 KiB at a time. A sign-in needs three draws, and asking the
 * system for each takes more than half of the time this package spends on a redirect (`node --cpu-prof`).
 */
export function drawRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    // Loaded here, not where the package is: a third of a millisecond.
    const { startupSnapshot } = require('node:v8') as typeof import('node:v8');
    // Every process that starts from a snapshot would draw what is in it: equal nonces, states and verifiers.
    if (startupSnapshot?.isBuildingSnapshot?.()) return randomBytes(count);
    // A new buffer, not the old one filled again: earlier draws are views of it.
    pool = randomBytes(poolBytes);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}
