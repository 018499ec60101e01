import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Agent, type ClientRequest } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { inspect } from 'node:util';
import { AssertionError, expect } from 'chai';
import { MetafyError, MetafyOAuthError, MetafyResponseError } from '../../src';
import { Application, type CallName, calls, FailedSignIn, NoAccess } from './calls';
import { type Failure, type Outcome, responseErrorCodes } from './expectations';
import type { FaultServer } from './fault-server';
import type { Fault } from './matrix';
import { countSockets, eventually, watchMemory, withinDeadline } from './observations';

export interface Servers {
  /** Has the fault. */
  faulty: FaultServer;
  /** Answers the other half of a sign-in. */
  right: FaultServer;
  /** Where redirects lead. */
  elsewhere: FaultServer;
  /** The certificates that are trusted, with TLS. */
  trusted?: string[];
}

const memoryLimitBytes = 16 * 1024 * 1024;

/** After these the server may still be writing: the connection cannot be used again. */
const incomplete = ['timeout', 'network', 'too_large'];

/** One fault against one call: checks everything that is promised, then that all works again without the fault. */
export async function checkCell(fault: Fault, call: CallName, servers: Servers): Promise<void> {
  const { faulty, right, elsewhere, trusted } = servers;
  const outcome = fault.outcomes[call];
  const code = typeof outcome === 'string' ? undefined : outcome.code;
  // Short where it must pass; elsewhere long enough for every retry on a busy machine.
  const timeoutMs = code === 'timeout' ? 500 : 8000;
  const agent = trusted ? new SecureAgent({ keepAlive: true, ca: trusted }) : new Agent({ keepAlive: true });
  const urls = { faultyURL: faulty.url, rightURL: right.url };
  await using application = await Application.start({ call, ...urls, agent, timeoutMs });
  const run = () => withinDeadline(timeoutMs, calls[call].run(application));
  try {
    await faulty.inject(fault.injection, elsewhere.url);
    const requests = watchRequests(agent, calls[call].path);
    const memory = watchMemory(memoryLimitBytes, code === 'too_large');
    const thrown = await run().then(
      () => undefined,
      (error) => error,
    );
    memory.stop();
    requests.stop();

    checkOutcome(thrown, outcome);
    expect(requests.count).to.equal(countRequests(outcome, call), 'the number of requests');
    expect({}).not.to.have.property('polluted');
    await checkSockets(agent, faulty, code !== undefined && incomplete.includes(code));
    expect(memory.grownBytes).to.be.below(memoryLimitBytes, 'growth of memory');

    await faulty.restore();
    await withinDeadline(timeoutMs, application.signIn());
    await run();
    expect(elsewhere.wasReached).to.equal(false, 'another host was reached');
  } finally {
    agent.destroy();
    await faulty.restore();
  }
}

/** How often the request is sent: only those of the API are retried, twice at most. */
export function countRequests(outcome: Outcome, call: CallName): number {
  return calls[call].endpoint === 'api' && typeof outcome !== 'string' && outcome.isRetried ? 3 : 1;
}

/** Counts requests until it is stopped, whether they reach a server or not. */
function watchRequests(agent: Agent, path: string): { count: number; stop: () => void } {
  const channel = 'http.client.request.start';
  const onRequest = (message: unknown) => {
    const { request } = message as { request: ClientRequest & { agent?: Agent } };
    if (request.agent === agent && request.path === path) watch.count += 1;
  };
  const watch = { count: 0, stop: () => void unsubscribe(channel, onRequest) };
  subscribe(channel, onRequest);
  return watch;
}

function checkOutcome(thrown: unknown, outcome: Outcome): void {
  if (thrown instanceof AssertionError) throw thrown;
  const error = thrown instanceof FailedSignIn ? thrown.error : thrown;
  if (typeof outcome === 'string') {
    if (outcome === 'says no') expect(thrown).to.be.instanceOf(NoAccess);
    else if (thrown) throw error;
    return;
  }
  const texts = [inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error), String(error)];
  if (thrown instanceof FailedSignIn) {
    expect(thrown.page.status).to.equal(outcome.status, 'of the page');
    texts.push(thrown.page.body);
  }
  if (outcome.code === undefined) expect(error).to.equal(undefined);
  else checkError(error, outcome.code, outcome);
  expect(texts.join('\n')).not.to.include('canary');
}

function checkError(error: unknown, code: string, { status, upstreamStatus, retryAfterMs, causeCode }: Failure) {
  if (!(error instanceof MetafyError)) throw new AssertionError(`expected a MetafyError: ${inspect(error)}`);
  expect(error).to.be.instanceOf(responseErrorCodes.includes(code) ? MetafyResponseError : MetafyOAuthError);
  expect(error).to.deep.include({ code, status, upstreamStatus });
  if (causeCode) expect(error.cause).to.have.property('code', causeCode);
  if (typeof retryAfterMs !== 'object') expect(error.retryAfterMs).to.equal(retryAfterMs);
  else expect(error.retryAfterMs).to.be.above(retryAfterMs.above).and.at.most(retryAfterMs.atMost);
}

async function checkSockets(agent: Agent, faulty: FaultServer, isIncomplete: boolean): Promise<void> {
  await eventually('no request uses or waits for a socket', () => {
    const { used, waiting } = countSockets(agent);
    return used + waiting === 0;
  });
  const { free } = countSockets(agent, faulty.port);
  expect(free).to.be.at.most(isIncomplete ? 0 : 1, 'sockets that are kept');
  if (isIncomplete) await eventually('the server has no connection left', () => faulty.sockets.size === 0);
}
