/** How much is measured. */
export interface Sizes {
  rounds: number;
  /** Logins of each contender in each round. */
  logins: number;
  /** Before the first round: V8 takes a few thousand requests to have compiled what matters. */
  warmUpLogins: number;
  /** Rounds of everything but the comparison itself. */
  sideRounds: number;
  sideLogins: number;
  /** Concurrent logins. */
  concurrencies: number[];
  /** Logins that are never finished, to see what each leaves in memory. */
  abandonedLogins: number;
  users: number[];
  /** Reads of a token, each round. */
  reads: number;
  callers: number;
  /** Starts of a process that loads one package. */
  loads: number;
}

/** About ten minutes. */
export const full: Sizes = {
  rounds: 21,
  logins: 500,
  warmUpLogins: 4000,
  sideRounds: 5,
  sideLogins: 600,
  concurrencies: [1, 10, 100, 1000],
  abandonedLogins: 10_000,
  users: [1, 100, 10_000, 100_000],
  reads: 100_000,
  callers: 1000,
  loads: 21,
};

/** One to two minutes, to see that everything works. */
export const quick: Sizes = {
  rounds: 3,
  logins: 200,
  warmUpLogins: 1000,
  sideRounds: 1,
  sideLogins: 150,
  concurrencies: [1, 10, 100, 1000],
  abandonedLogins: 1000,
  users: [1, 100, 10_000, 100_000],
  reads: 20_000,
  callers: 1000,
  loads: 3,
};
