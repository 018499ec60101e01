import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, problemAnswer } from './answers';
import { parseBody, readBody } from './body';
import { type FaultQueue, faultAnswer, type MetafyEmulatorEndpoint } from './faults';
import type { Incoming } from './incoming';
import { Parameters, parseForm } from './parameters';
import { HTTPProblem } from './problems';
import type { OpenEntry, RequestLog } from './request-log';

/** What an exchange needs of the emulator. */
export interface ExchangeParts {
  log: RequestLog;
  faults: FaultQueue;
  findEndpoint: (path: string) => MetafyEmulatorEndpoint | undefined;
  answer: (incoming: Incoming) => Promise<Answer>;
}

/**
 * One request and its answer, or whatever a fault makes of it.
 *
 * @param stopped aborts when the emulator stops
 */
export async function handleExchange(
  request: IncomingMessage,
  response: ServerResponse,
  { log, faults, findEndpoint, answer }: ExchangeParts,
  stopped: AbortSignal,
): Promise<void> {
  const [path = '', search = ''] = splitAtQuery(request.url ?? '');
  const entry = log.open(request, path);
  // Read before any fault strikes, so that the log shows what was sent.
  const received = await settle(readRequest(request, path, search, entry));

  const fault = faults.take(findEndpoint(path));
  if (fault && 'hang' in fault) return;
  if (fault && 'reset' in fault) {
    request.socket.resetAndDestroy();
    return;
  }
  if (fault && 'delayMs' in fault) await wait(fault.delayMs, undefined, { signal: stopped });

  const isPrepared = fault && 'status' in fault;
  const reply = isPrepared
    ? faultAnswer(fault)
    : await answerReceived(received, answer, request.headers.accept);
  entry.status = reply.status;
  if (fault && 'truncate' in fault) sendTruncated(response, reply);
  else send(response, reply);
}

/** Writes a whole answer. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function sendTruncated(response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(body);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  // More than the whole, so that even an empty answer is cut short.
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length + 1 });
  response.flushHeaders();
  response.write(half, () => response.socket?.destroySoon());
}

async function readRequest(
  request: IncomingMessage,
  path: string,
  search: string,
  entry: OpenEntry,
): Promise<Incoming> {
  const bytes = await readBody(request);
  const query = parseForm(search);
  entry.addQuery(query);
  const body = await parseBody(request.headers['content-type'], bytes);
  entry.addBody(body);
  const parameters = new Parameters(body).mergedWith(new Parameters(query));
  return { method: request.method ?? '', path, search, headers: request.headers, parameters };
}

async function settle(reading: Promise<Incoming>): Promise<Incoming | HTTPProblem> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HTTPProblem) return error;
    throw error;
  }
}

async function answerReceived(
  received: Incoming | HTTPProblem,
  answer: (incoming: Incoming) => Promise<Answer>,
  accept: string | undefined,
): Promise<Answer> {
  if (received instanceof HTTPProblem) {
    const refusal = problemAnswer(received.status, accept);
    // What is left unread of the body must not be taken for the next request.
    return { ...refusal, headers: { ...refusal.headers, Connection: 'close' } };
  }
  try {
    return await answer(received);
  } catch (error) {
    if (error instanceof HTTPProblem) return problemAnswer(error.status, accept);
    throw error;
  }
}

function splitAtQuery(url: string): [path: string, search: string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}
