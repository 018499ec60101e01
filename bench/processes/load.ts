import http from 'node:http';
import { readCookies, sendRequest } from '../http-client';
import { answerQuestions } from '../worker';

/*
 * Many browsers at a time: `start` sends them to a contender's start route and keeps what they got, `finish` brings
 * them back, each with a code of its own. A login that does not end with its own user stops the benchmark.
 */

interface PendingLogin {
  state: string | null;
  cookie: string;
}

export interface LoadResult {
  count: number;
  failures: number;
  wallMs: number;
  /** From request to answer, one for each request. */
  latenciesMs: number[];
}

let pending: PendingLogin[] = [];
let codes = 0;

async function start(url: string, cookie: string | undefined, agent: http.Agent): Promise<true> {
  const answer = await sendRequest(`${url}/start`, { agent, headers: cookie ? { cookie } : {} });
  const location = new URL(answer.headers.location ?? 'missing:');
  if (answer.status !== 302 || !location.pathname.endsWith('/authorize')) {
    throw new Error(`a start was answered ${answer.status}`);
  }
  pending.push({ state: location.searchParams.get('state'), cookie: readCookies(answer).join('; ') });
  return true;
}

async function finish(
  { url, mayFail }: FinishParameters,
  { state, cookie }: PendingLogin,
  agent: http.Agent,
): Promise<boolean> {
  codes += 1;
  const code = `code-${codes}`;
  const query = new URLSearchParams({ code, ...(state !== null && { state }) });
  const headers = cookie ? { cookie } : {};
  const { status, body } = await sendRequest(`${url}/callback?${query}`, { agent, headers });
  if (status === 200 && body === code) return true;
  if (mayFail && status >= 500) return false;
  throw new Error(`a callback was answered ${status}: ${body}`);
}

async function run<Item>(
  items: Item[],
  concurrency: number,
  task: (item: Item, agent: http.Agent) => Promise<boolean>,
): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const latenciesMs: number[] = [];
  let failures = 0;
  const beganMs = performance.now();
  const queue = items.values();
  const work = async (): Promise<void> => {
    for (const item of queue) {
      const sentMs = performance.now();
      if (!(await task(item, agent))) failures += 1;
      latenciesMs.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const wallMs = performance.now() - beganMs;
  agent.destroy();
  return { count: items.length, failures, wallMs, latenciesMs };
}

answerQuestions({
  start({ url, count, concurrency, cookie }: StartParameters) {
    pending = [];
    return run(Array.from({ length: count }), concurrency, (_, agent) => start(url, cookie, agent));
  },
  finish(parameters: FinishParameters) {
    return run(pending, parameters.concurrency, (login, agent) => finish(parameters, login, agent));
  },
  /** The cookies of the logins that are pending. */
  listCookies() {
    return pending.map(({ cookie }) => cookie);
  },
});

export interface StartParameters {
  url: string;
  count: number;
  concurrency: number;
  /** What the browser has already. */
  cookie?: string;
}

export interface FinishParameters {
  url: string;
  concurrency: number;
  /** Counts callbacks that are answered 5xx, instead of stopping. */
  mayFail?: boolean;
}
