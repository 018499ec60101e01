/** How much is measured. */
export interface Sizes {
  /** Of the comparison itself. */
  rounds: number;
  /** After so many rounds each contender gets a new process: two processes of the same code differ by some percent. */
  roundsPerProcess: number;
  /** Of each contender in each round. */
  logins: number;
  warmUpLogins: number;
  /** Rounds of everything else. */
  sideRounds: number;
  sideLogins: number;
  /** Logins that are never finished, to see what each leaves in memory. */
  abandonedLogins: number;
  /** Calls in each round, for what needs no request. */
  calls: number;
  /** Starts of a process that loads one package. */
  loads: number;
  /** Sign-ins while the upstream fails. */
  faultyLogins: number;
}

/** About a quarter of an hour. */
export const full: Sizes = {
  rounds: 22,
  roundsPerProcess: 11,
  logins: 500,
  warmUpLogins: 3000,
  sideRounds: 5,
  sideLogins: 600,
  abandonedLogins: 5000,
  calls: 200_000,
  loads: 31,
  faultyLogins: 2000,
};

/** One to two minutes, to see that everything works. */
export const quick: Sizes = {
  rounds: 3,
  roundsPerProcess: 3,
  logins: 200,
  warmUpLogins: 500,
  sideRounds: 1,
  sideLogins: 150,
  abandonedLogins: 1000,
  calls: 20_000,
  loads: 3,
  faultyLogins: 200,
};

/** Two builds, each round with processes of its own. */
export const fullAgainst: Sizes = {
  ...full,
  rounds: 21,
  roundsPerProcess: 1,
  logins: 1000,
  warmUpLogins: 2000,
};
export const quickAgainst: Sizes = { ...fullAgainst, rounds: 5 };
