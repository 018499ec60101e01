/** The application's requests carry the name of the action that they belong to. */
export const actionHeader = 'x-soak-action';

/** How Metafy answers the request that meets it: not at all, by a reset, by half an answer, or with a status. */
export type Answer = 'hang' | 'reset' | 'truncate' | { status: number; headers?: Record<string, string> };

/** What an application sees of a failure, as the documentation has it. */
export type Failure = { code: string; status: number; upstreamStatus?: number; retryAfterMs?: number };

export interface Fault {
  answer: Answer;
  failure: Failure;
  /** A request for the profile is sent again after it. */
  isRetried: boolean;
}

/** A request of the application that arrived, and what it met. */
export type Arrival = { endpoint: Endpoint; fault?: keyof typeof faults };
export type Endpoint = 'token' | 'revoke' | 'me';

const network: Failure = { code: 'network', status: 502 };
const html = { 'Content-Type': 'text/html' };

export const faults = {
  hang: { answer: 'hang', failure: { code: 'timeout', status: 504 }, isRetried: true },
  reset: { answer: 'reset', failure: network, isRetried: true },
  truncate: { answer: 'truncate', failure: network, isRetried: true },
  '503': { answer: { status: 503 }, failure: toBadStatus(503, 503), isRetried: true },
  // Longer than a call may take.
  '503 for a minute': {
    answer: { status: 503, headers: { 'Retry-After': '60' } },
    failure: { ...toBadStatus(503, 503), retryAfterMs: 60_000 },
    isRetried: false,
  },
  '500': { answer: { status: 500, headers: html }, failure: toBadStatus(500, 502), isRetried: false },
  '403': { answer: { status: 403 }, failure: toBadStatus(403, 502), isRetried: false },
} satisfies Record<string, Fault>;

/** One request in ten meets a fault. */
export function chooseFault(): keyof typeof faults | undefined {
  const names = Object.keys(faults) as (keyof typeof faults)[];
  return names[Math.floor(Math.random() * names.length * 10)];
}

/**
 * The failure that the requests to one endpoint must end in; `undefined` when they must succeed.
 *
 * @throws Error when they are not what is documented: the profile is asked for three times at most, and a token
 *   request is sent again only after its connection was reset
 */
export function foreseeFailure(arrivals: Arrival[]): Failure | undefined {
  const met = arrivals.map(({ fault }) => (fault ? (faults[fault] as Fault) : undefined));
  const last = met.at(-1);
  const isProfile = arrivals[0]?.endpoint === 'me';
  const isRetried = (fault: Fault | undefined) => (isProfile ? fault?.isRetried === true : fault?.answer === 'reset');
  const isGivenUp = !last || !isRetried(last) || met.length === 3 || met.some((fault) => fault?.answer === 'hang');
  const isRight = met.slice(0, -1).every(isRetried) && met.length >= 1 && met.length <= (isProfile ? 3 : 2);
  if (!isRight || (isProfile && !isGivenUp)) throw new Error(`wrong requests: ${JSON.stringify(arrivals)}`);
  return last?.failure;
}

function toBadStatus(upstreamStatus: number, status: number): Failure {
  return { code: 'bad_status', status, upstreamStatus };
}
