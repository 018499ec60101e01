import http from 'node:http';
import { readCookies, sendRequest } from '../http-client';
import { answerQuestions } from '../worker';

/*
 * Many browsers at a time: `start` sends them to a contender's start route and keeps what they got, `finish` brings
 * them back, each with a code of its own. A login that does not end with its own user stops the benchmark.
 */

export interface LoadParameters {
  count?: number;
  /** @default 50 */
  concurrency?: number;
  /** What the browser has already. */
  cookie?: string;
  /** Counts callbacks that are answered 5xx, instead of stopping. */
  mayFail?: boolean;
}

export interface LoadResult {
  failures: number;
  perSecond: number;
  /** From request to answer, one for each request. */
  latenciesMs: number[];
}

type Parameters = LoadParameters & { url: string };

let pending: { state: string | null; cookie: string }[] = [];
let codes = 0;

async function start({ url, cookie }: Parameters, agent: http.Agent): Promise<boolean> {
  const answer = await sendRequest(`${url}/start`, { agent, headers: cookie ? { cookie } : {} });
  const location = new URL(answer.headers.location ?? 'missing:');
  const isRedirect = answer.status === 302 && location.pathname.endsWith('/authorize');
  if (!isRedirect) throw new Error(`a start was answered ${answer.status}`);
  pending.push({ state: location.searchParams.get('state'), cookie: readCookies(answer).join('; ') });
  return true;
}

async function finish({ url, mayFail }: Parameters, login: (typeof pending)[0], agent: http.Agent) {
  const { state, cookie } = login;
  const code = `code-${++codes}`;
  const query = new URLSearchParams({ code, ...(state !== null && { state }) });
  const headers = cookie ? { cookie } : {};
  const { status, body } = await sendRequest(`${url}/callback?${query}`, { agent, headers });
  if (status === 200 && body === code) return true;
  if (mayFail && status >= 500) return false;
  throw new Error(`a callback was answered ${status}: ${body}`);
}

async function run<Item>(
  items: Item[],
  concurrency: number | undefined,
  task: (item: Item, agent: http.Agent) => Promise<boolean>,
): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true });
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
  await Promise.all(Array.from({ length: concurrency ?? 50 }, work));
  const perSecond = (1000 * items.length) / (performance.now() - beganMs);
  agent.destroy();
  return { failures, perSecond, latenciesMs };
}

answerQuestions({
  start(parameters: Parameters) {
    pending = [];
    const { count, concurrency } = parameters;
    return run(Array.from({ length: count as number }), concurrency, (_, agent) => start(parameters, agent));
  },
  finish(parameters: Parameters) {
    return run(pending, parameters.concurrency, (login, agent) => finish(parameters, login, agent));
  },
  /** The cookies of the logins that are pending. */
  listCookies: () => pending.map(({ cookie }) => cookie),
});
