import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import type { Contender } from './contenders';

/** How one sign-in ended for the person. */
export interface SignIn {
  succeeded: boolean;
  /** From the callback's request to its answer. */
  durationMs: number;
}

/** Longer than anything the upstream does. */
const patienceMs = 60_000;

/** An Express application with one strategy. */
export async function startApp(contender: Contender, upstreamURL: string) {
  const passport = new Passport();
  const app = express();
  app.set('env', 'test');
  const server = http.createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  passport.use('it', contender.create(upstreamURL, `${url}/callback`));
  app.use(session({ secret: 'of the session', resave: false, saveUninitialized: false }));
  app.get('/start', passport.authenticate('it', { session: false }));
  app.get('/callback', passport.authenticate('it', { session: false }), (req, res) => {
    res.json(req.user);
  });
  app.use(((error, _req, res, _next) => {
    res.status(502).end(error instanceof Error ? error.name : '');
  }) satisfies ErrorRequestHandler);
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, [Symbol.asyncDispose]: stop };
}

/** Signs in `count` people, `concurrency` at a time. */
export async function signInMany(
  url: string,
  count: number,
  concurrency: number,
  onProgress: (finished: number) => void,
): Promise<SignIn[]> {
  const agent = new http.Agent({ keepAlive: true });
  const results: SignIn[] = [];
  let started = 0;
  const work = async (): Promise<void> => {
    while (started < count) {
      started += 1;
      results.push(await signIn(url, agent));
      onProgress(results.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  agent.destroy();
  return results;
}

async function signIn(url: string, agent: http.Agent): Promise<SignIn> {
  const start = await get(`${url}/start`, agent);
  const state = new URL(start.headers.location ?? '').searchParams.get('state') ?? '';
  const cookie = (start.headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]).join('; ');
  const startedMs = performance.now();
  const query = `code=a-code&state=${encodeURIComponent(state)}`;
  const { status, body } = await get(`${url}/callback?${query}`, agent, { Cookie: cookie });
  const durationMs = performance.now() - startedMs;
  // 4xx would be a mistake of this script, such as a state that is not known.
  if (status !== 200 && status !== 502) throw new Error(`the callback answered ${status}: ${body}`);
  return { succeeded: status === 200 && body.includes('ada-coach'), durationMs };
}

function get(url: string, agent: http.Agent, headers: http.OutgoingHttpHeaders = {}) {
  return new Promise<{ status: number; headers: IncomingMessage['headers']; body: string }>(
    (resolve, reject) => {
      const request = http.get(url, { agent, headers, timeout: patienceMs }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text) => {
          body += text;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
        response.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error('the application did not answer')));
      request.on('error', reject);
    },
  );
}
