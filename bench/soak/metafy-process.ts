import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { MetafyEmulator, type MetafyEmulatorOptions } from '../../src/emulator';
import { listen, sendRequest } from '../http';
import { answerQuestions } from '../worker';
import { type Arrival, actionHeader, chooseFault, type Endpoint, type Fault, faults } from './faults';

/* An emulator, and in front of it a proxy that lets requests of the application fail. */

let emulator: MetafyEmulator;
const agent = new http.Agent({ keepAlive: true });
const arrivals = new Map<string, Arrival[]>();
let isFailing = true;
const counts = { requests: 0, faults: 0 };

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { [actionHeader]: action = '', host, connection, ...headers } = request.headers;
  const endpoint = request.url?.split('/').at(-1) as Endpoint;
  const fault = isFailing ? chooseFault() : undefined;
  counts.requests += 1;
  counts.faults += fault ? 1 : 0;
  arrivals.set(`${action}`, [...(arrivals.get(`${action}`) ?? []), { endpoint, fault }]);
  let body = '';
  for await (const chunk of request) body += chunk;
  const { answer: kind } = fault ? (faults[fault] as Fault) : {};
  if (kind === 'hang') return;
  if (kind === 'reset') request.socket.resetAndDestroy();
  else if (typeof kind === 'object') response.writeHead(kind.status, kind.headers).end();
  else {
    const { method } = request;
    const received = await sendRequest(`${emulator.url}${request.url}`, { method, headers, agent }, body);
    const { 'content-type': type = 'text/html', 'www-authenticate': challenge } = received.headers;
    const sent = { 'Content-Type': type, ...(challenge && { 'WWW-Authenticate': challenge }) };
    response.writeHead(received.status, { ...sent, 'Content-Length': Buffer.byteLength(received.body) });
    if (kind === 'truncate') response.write(received.body.slice(0, -1), () => request.socket.destroy());
    else response.end(received.body);
  }
}

answerQuestions({
  async start(options: MetafyEmulatorOptions) {
    emulator = await new MetafyEmulator(options).start();
    return (await listen(answer)).url;
  },
  /** What a person does on Metafy's pages: where the browser is sent back to. */
  authorize({ url, user, deny }: { url: string; user: string; deny: boolean }) {
    const { pathname, search } = new URL(url);
    return emulator.authorize(`${emulator.url}${pathname}${search}`, { user, deny });
  },
  /** The id of the user whom a token belongs to, or the status that the API answers. */
  async identify({ accessToken }: { accessToken: string }) {
    const headers = { Authorization: `Bearer ${accessToken}` };
    const { status, body } = await sendRequest(`${emulator.url}/irk/api/v1/me`, { headers, agent });
    return status === 200 ? JSON.parse(body).user.id : String(status);
  },
  takeArrivals({ action }: { action: string }) {
    const taken = arrivals.get(action) ?? [];
    arrivals.delete(action);
    return taken;
  },
  stopFaults() {
    isFailing = false;
  },
  /** `unexplained`: of no action. */
  count: () => ({ ...counts, unexplained: [...arrivals.values()].flat().length }),
});
