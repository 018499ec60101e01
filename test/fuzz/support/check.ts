import { randomInt } from 'node:crypto';
import fc from 'fast-check';

const { FUZZ_SEED } = process.env;

/** Another one in each run, so that the tests go on looking; `FUZZ_SEED` repeats a run. */
const seed = FUZZ_SEED ? Number(FUZZ_SEED) : randomInt(2 ** 31);
if (!Number.isInteger(seed)) throw new TypeError('FUZZ_SEED must be an integer');

/** Mocha's limit for a test that fuzzes, in milliseconds: to end one that hangs, on a machine that is busy. */
export const fuzzTimeoutMs = 240_000;

before(() => {
  console.log(`  fuzzing: FUZZ_SEED=${seed} repeats this run`);
});

/**
 * Runs a property `cases` times; fast-check's error has the smallest case that fails and the seed.
 *
 * @param examples cases that come first, such as those that failed once
 */
export async function check<Values>(
  cases: number,
  property: fc.IProperty<Values> | fc.IAsyncProperty<Values>,
  examples: Values[] = [],
): Promise<void> {
  await fc.assert(property, { seed, numRuns: cases, examples });
}
