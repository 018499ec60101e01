import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { inspect } from 'node:util';
import { AssertionError, expect } from 'chai';
import { MetafyError, MetafyOAuthError, MetafyResponseError } from '../../src';
import { type Call, type Failure, type Outcome, responseErrorCodes } from './expectations';
import type { FaultServer } from './fault-server';
import type { Fault } from './matrix';
import { countSockets, eventually, watchMemory, withinDeadline } from './observations';
import { Caller, FailedSignIn } from './upstream-calls';

/** Where a call goes. */
export interface Upstream {
  /** Plays the fault. */
  broken: FaultServer;
  /** Answers the other half of a sign-in. */
  sound: FaultServer;
  /** Where redirects lead. */
  elsewhere: FaultServer;
  /** The certificates that are trusted, with TLS. */
  trusted?: string[];
}

const memoryLimitBytes = 16 * 1024 * 1024;

/** After these the server may still be writing: the connection is of no more use. */
const incomplete = ['timeout', 'network', 'too_large'];

/** Plays one fault against one call, checks everything that is promised, and signs in afterwards. */
export async function playCell(fault: Fault, call: Call, upstream: Upstream): Promise<void> {
  const { broken, sound, elsewhere, trusted } = upstream;
  const outcome = fault.outcomes[call];
  const timeoutMs = chooseTimeoutMs(outcome);
  const agent = trusted ? new SecureAgent({ keepAlive: true, ca: trusted }) : new Agent({ keepAlive: true });
  await using caller = await Caller.start({
    call,
    brokenURL: broken.url,
    soundURL: sound.url,
    agent,
    timeoutMs,
  });
  try {
    await broken.break(fault.player, elsewhere.url);
    const memory = watchMemory(memoryLimitBytes, outcome !== 'succeeds' && outcome.code === 'too_large');
    const thrown = await withinDeadline(timeoutMs, caught(caller.run())).finally(memory.stop);

    checkOutcome(thrown, outcome);
    expect(caller.requestCount).to.equal(countRequests(outcome, call), 'the number of requests');
    expect({}).not.to.have.property('polluted');
    await checkSockets(agent, broken, outcome);
    expect(memory.grownBytes).to.be.below(memoryLimitBytes, 'growth of memory');

    await broken.heal();
    await withinDeadline(timeoutMs, caller.signIn());
    await withinDeadline(timeoutMs, caller.run());
    expect(elsewhere.wasReached).to.equal(false, 'another host was reached');
  } finally {
    agent.destroy();
    await broken.heal();
  }
}

/** How often the call is made: only reading the profile is repeated, twice at most. */
export function countRequests(outcome: Outcome, call: Call): number {
  return call === 'profile' && outcome !== 'succeeds' && outcome.isRepeated ? 3 : 1;
}

// Short where it must pass; elsewhere long enough for every repetition on a busy machine.
function chooseTimeoutMs(outcome: Outcome): number {
  return outcome !== 'succeeds' && outcome.code === 'timeout' ? 500 : 8000;
}

async function caught(action: Promise<void>): Promise<unknown> {
  try {
    await action;
    return undefined;
  } catch (error) {
    return error;
  }
}

function checkOutcome(thrown: unknown, outcome: Outcome): void {
  if (thrown instanceof AssertionError || outcome === 'succeeds') {
    if (thrown) throw thrown instanceof FailedSignIn ? thrown.error : thrown;
    return;
  }
  const error = thrown instanceof FailedSignIn ? thrown.error : thrown;
  checkError(error, outcome);
  const texts = [inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error), String(error)];
  if (thrown instanceof FailedSignIn) {
    expect(thrown.page.status).to.equal(outcome.status, 'of the page');
    texts.push(thrown.page.body);
  }
  expect(texts.join('\n')).not.to.include('canary');
}

function checkError(error: unknown, failure: Failure): void {
  const { code, status, upstreamStatus, retryAfterMs, causeCode } = failure;
  if (!(error instanceof MetafyError)) throw new AssertionError(`expected a MetafyError: ${inspect(error)}`);
  expect(error).to.be.instanceOf(responseErrorCodes.includes(code) ? MetafyResponseError : MetafyOAuthError);
  const { code: actualCode, status: actualStatus, upstreamStatus: actualUpstreamStatus } = error;
  expect({ code: actualCode, status: actualStatus, upstreamStatus: actualUpstreamStatus }).to.deep.equal({
    code,
    status,
    upstreamStatus,
  });
  if (causeCode) expect(error.cause).to.have.property('code', causeCode);
  if (typeof retryAfterMs !== 'object') expect(error.retryAfterMs).to.equal(retryAfterMs);
  else expect(error.retryAfterMs).to.be.above(retryAfterMs.above).and.at.most(retryAfterMs.atMost);
}

async function checkSockets(agent: Agent, broken: FaultServer, outcome: Outcome): Promise<void> {
  await eventually('no request uses or waits for a socket', () => {
    const { used, waiting } = countSockets(agent);
    return used + waiting === 0;
  });
  if (outcome !== 'succeeds' && incomplete.includes(outcome.code)) {
    expect(countSockets(agent, broken.port).free).to.equal(0, 'sockets kept after an answer that broke');
    await eventually('the server has no connection left', () => broken.sockets.size === 0);
  } else {
    expect(countSockets(agent, broken.port).free).to.be.at.most(1);
  }
}
