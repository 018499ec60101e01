import { randomInt } from 'node:crypto';
import fc from 'fast-check';

/** Another one in each run, so that the tests go on looking; `FUZZ_SEED` repeats a run. */
const seed = readInteger('FUZZ_SEED') ?? randomInt(2 ** 31);
/** Cases of each property. */
const numRuns = readInteger('FUZZ_RUNS') ?? 1000;

/** Mocha's limit for a test that fuzzes, in milliseconds: to end one that hangs. */
export const fuzzTimeoutMs = 300_000;

before(() => {
  console.log(`  fuzzing with ${numRuns} cases each: FUZZ_SEED=${seed} repeats this run`);
});

/**
 * Checks a property; fast-check's error has the smallest case that fails, and the seed.
 *
 * @param examples cases that come first, such as those that failed once
 */
export async function check<Values>(
  property: fc.IProperty<Values> | fc.IAsyncProperty<Values>,
  examples: Values[] = [],
): Promise<void> {
  await fc.assert(property, { seed, numRuns, examples });
}

function readInteger(name: string): number | undefined {
  const text = process.env[name];
  if (text && !/^\d{1,10}$/.test(text)) throw new TypeError(`${name} must be an integer`);
  return text ? Number(text) : undefined;
}
