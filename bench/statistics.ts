/** Of several rounds. */
export type Spread = Record<'median' | 'min' | 'max', number>;

/** A median with its 95% confidence interval. */
export type Estimate = Record<'median' | 'low' | 'high', number>;

/** A figure of each round. */
type Rounds = readonly number[];

export function findMedian(values: Rounds): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

export function toSpread(values: Rounds): Spread {
  return { median: findMedian(values), min: Math.min(...values), max: Math.max(...values) };
}

const resamples = 10_000;

/** The median over rounds of what `combine` makes of two figures of one round; the interval by percentile bootstrap. */
export function pairRounds(first: Rounds, second: Rounds, combine: (a: number, b: number) => number): Estimate {
  const paired = first.map((value, round) => combine(value, second[round] as number));
  // Seeded: the same figures give the same interval.
  const random = createRandom(1);
  const pick = () => paired[Math.floor(random() * paired.length)] as number;
  const medians = Array.from({ length: resamples }, () => findMedian(paired.map(pick))).sort((a, b) => a - b);
  const [low, high] = [0.025, 0.975].map((share) => medians[Math.round(share * (resamples - 1))] as number);
  return { median: findMedian(paired), low: low as number, high: high as number };
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Task<Item> = (item: Item) => Promise<void>;

/** `task` for each item in each round; every round begins with another item. */
export async function interleave<Item>(items: readonly Item[], rounds: number, task: Task<Item>) {
  for (let round = 0; round < rounds; round++) {
    const first = round % items.length;
    for (const item of [...items.slice(first), ...items.slice(0, first)]) await task(item);
  }
}
