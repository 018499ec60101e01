import { parseArgs } from 'node:util';

/* `npm run bench [-- --quick] [--against OTHER_CHECKOUT]`: see README.md. */

const options = { quick: { type: 'boolean', default: false }, against: { type: 'string' } } as const;
export const { quick: isQuick, against } = parseArgs({ options }).values;

const choose = (full: number, quick: number): number => (isQuick ? quick : full);
const isOfBuilds = against !== undefined;

export const sizes = {
  /** Of the comparison itself. */
  rounds: isOfBuilds ? choose(21, 5) : choose(24, 3),
  /** Then each contender gets a new process: two processes of the same code differ by some percent. */
  roundsPerProcess: isOfBuilds ? 1 : choose(4, 3),
  /** Of each contender in each round. */
  logins: choose(1000, 200),
  /** V8 has compiled what matters after a few thousand. */
  warmUpLogins: choose(isOfBuilds ? 6000 : 4000, 500),
  /** Rounds of everything else. */
  sideRounds: choose(5, 1),
  sideLogins: choose(600, 150),
  /** Logins that are never finished. */
  abandonedLogins: choose(5000, 1000),
  /** Calls in each round, for what needs no request. */
  calls: choose(200_000, 20_000),
  /** Starts of a process that loads one package. */
  loads: choose(31, 3),
  /** Sign-ins while the upstream fails. */
  faultyLogins: choose(2000, 200),
};

export function report(step: string): void {
  console.error(`${Math.round(performance.now() / 1000)} s: ${step}`);
}
