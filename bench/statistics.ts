/** Of several rounds. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** A median with its 95% confidence interval. */
export interface Estimate {
  median: number;
  low: number;
  high: number;
}

export function findMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

export function toSpread(values: readonly number[]): Spread {
  return { median: findMedian(values), min: Math.min(...values), max: Math.max(...values) };
}

const resamples = 10_000;

/** Percentile bootstrap over rounds; the same values give the same interval. */
export function estimateMedian(values: readonly number[]): Estimate {
  const random = createRandom(1);
  const pick = () => values[Math.floor(random() * values.length)] as number;
  const medians = Array.from({ length: resamples }, () => findMedian(values.map(pick)));
  medians.sort((a, b) => a - b);
  const at = (share: number) => medians[Math.round(share * (resamples - 1))] as number;
  return { median: findMedian(values), low: at(0.025), high: at(0.975) };
}

/** Round by round, `combine` of what was measured in the same round. */
export function pairRounds(
  first: readonly number[],
  second: readonly number[],
  combine: (a: number, b: number) => number,
): Estimate {
  return estimateMedian(first.map((value, round) => combine(value, second[round] as number)));
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

/** Values of each round, by name. */
export class Series {
  readonly #values = new Map<string, number[]>();

  push(name: string, value: number): void {
    this.#values.set(name, [...this.of(name), value]);
  }

  of(name: string): number[] {
    return this.#values.get(name) ?? [];
  }

  toJSON(): object {
    return Object.fromEntries(this.#values);
  }
}

/** `task` for each item in each round; every round begins with another item. */
export async function interleave<Item>(
  items: readonly Item[],
  rounds: number,
  task: (item: Item, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const first = round % items.length;
    for (const item of [...items.slice(first), ...items.slice(0, first)]) await task(item, round);
  }
}
