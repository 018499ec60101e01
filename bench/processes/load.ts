import http, { type IncomingMessage } from 'node:http';
import { answerQuestions } from './answer-questions';

/*
 * Browsers, as many as wanted at a time: `start` sends them to a contender's start route and keeps what they got,
 * `finish` brings them back with a code each. A login that does not end as it must stops the benchmark.
 */

interface PendingLogin {
  state: string | null;
  cookie: string;
}

/** How a phase went. */
export interface LoadResult {
  count: number;
  wallMs: number;
  /** From request to answer, one for each request. */
  latenciesMs: number[];
}

let pending: PendingLogin[] = [];
let codes = 0;

async function start(url: string, cookie: string | undefined, agent: http.Agent): Promise<PendingLogin> {
  const { status, headers } = await get(`${url}/start`, cookie, agent);
  const location = new URL(headers.location ?? 'missing:');
  if (status !== 302 || location.pathname !== '/authorize') throw new Error(`a start was answered ${status}`);
  const pairs = (headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]);
  return { state: location.searchParams.get('state'), cookie: pairs.join('; ') };
}

async function finish(url: string, { state, cookie }: PendingLogin, agent: http.Agent): Promise<void> {
  codes += 1;
  const code = `code-${codes}`;
  const query = new URLSearchParams({ code, ...(state !== null && { state }) });
  const { status, body } = await get(`${url}/callback?${query}`, cookie || undefined, agent);
  if (status !== 200 || body !== code) throw new Error(`a callback was answered ${status}: ${body}`);
}

interface Answer {
  status: number | undefined;
  headers: http.IncomingHttpHeaders;
  body: string;
}

function get(url: string, cookie: string | undefined, agent: http.Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const read = (incoming: IncomingMessage): void => {
      let body = '';
      incoming.setEncoding('latin1');
      incoming.on('data', (chunk: string) => {
        body += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode, headers: incoming.headers, body }));
      incoming.on('error', reject);
    };
    http.get(url, { agent, headers: cookie ? { cookie } : {} }, read).on('error', reject);
  });
}

async function run<Item>(
  items: Item[],
  concurrency: number,
  task: (item: Item, agent: http.Agent) => Promise<void>,
): Promise<LoadResult> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const latenciesMs: number[] = [];
  const beganMs = performance.now();
  const queue = items.values();
  const work = async (): Promise<void> => {
    for (const item of queue) {
      const sentMs = performance.now();
      await task(item, agent);
      latenciesMs.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const wallMs = performance.now() - beganMs;
  agent.destroy();
  return { count: items.length, wallMs, latenciesMs };
}

answerQuestions({
  start({ url, count, concurrency, cookie }: StartParameters) {
    pending = [];
    return run(Array.from({ length: count }), concurrency, async (_, agent) => {
      pending.push(await start(url, cookie, agent));
    });
  },
  finish({ url, concurrency }: { url: string; concurrency: number }) {
    return run(pending, concurrency, (login, agent) => finish(url, login, agent));
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
