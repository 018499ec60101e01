import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { MetafyEmulator } from '../src/emulator';
import { FaultQueue } from '../src/emulator/faults';
import { chooseFault, requestNameHeader } from './faults';
import type { MetafyCommand, MetafyStart } from './metafy';

/*
 * Run by `startMetafy`: the emulator in a process of its own. It injects into each request the fault that the
 * request's name stands for, so that the application's process knows what to expect.
 */
const requestNames = new AsyncLocalStorage<string | undefined>();
const counts = { requests: 0, faults: 0 };
let emulator: MetafyEmulator;

diagnostics.subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage };
  requestNames.enterWith(request.headers[requestNameHeader] as string | undefined);
});

// The queue knows the order of requests only; here the next fault is queued for exactly the request that takes it.
const take = FaultQueue.prototype.take;
FaultQueue.prototype.take = function (endpoint) {
  const name = requestNames.getStore();
  if (name === undefined || endpoint === undefined) return take.call(this, endpoint);
  counts.requests += 1;
  const fault = chooseFault(name);
  if (fault) {
    counts.faults += 1;
    emulator.fail(endpoint, fault.fault);
  }
  return take.call(this, endpoint);
};

async function start({ client, users, ownerID }: MetafyStart): Promise<object> {
  const redirectURIs = ['http://127.0.0.1/auth/metafy/callback'];
  emulator = await new MetafyEmulator({
    applications: [{ ...client, name: 'The soak', redirectURIs, ownerID }],
    users,
    // The stricter of the two: the refresh token that was used is dead at once.
    refreshMode: 'immediate',
  }).start();
  return { url: emulator.url };
}

async function obey(command: MetafyCommand): Promise<unknown> {
  if (command.type === 'start') return start(command);
  if (command.type === 'authorize') {
    return emulator.authorize(command.url, { user: command.user, deny: command.deny });
  }
  if (command.type === 'count') return counts;
  const headers = { Authorization: `Bearer ${command.accessToken}` };
  const response = await fetch(`${emulator.url}/irk/api/v1/me`, { headers });
  return response.ok ? ((await response.json()) as { user: { id: string } }).user.id : `${response.status}`;
}

process.on('message', ({ id, command }: { id: number; command: MetafyCommand }) => {
  obey(command).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
