import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { useSignIns } from './support/sign-ins';

/** Metafy with connections that it keeps, until told that all of them have been idle for too long. */
interface Relay extends AsyncDisposable {
  url: string;
  /** How many requests came on a connection that was closed. */
  countLost(): number;
  closeIdle(): void;
}

async function startRelay(target: string): Promise<Relay> {
  const { port, hostname } = new URL(target);
  const kept = new Set<Socket>();
  const closed = new Set<Socket>();
  let lost = 0;
  const server = net.createServer((socket) => {
    const upstream = net.connect(Number(port), hostname);
    kept.add(socket);
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      if (closed.has(socket)) {
        // What the client sees that has not read of the end yet, as after it was frozen.
        lost += 1;
        socket.resetAndDestroy();
      } else upstream.write(chunk);
    });
    upstream.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    countLost: () => lost,
    closeIdle: () => {
      for (const socket of kept) closed.add(socket);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of kept) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a sign-in over a kept connection that Metafy has closed', () => {
  const context = useSignIns();

  it('ends with the person signed in, and the code is exchanged once', async () => {
    await using relay = await startRelay(context.emulator.url);
    const authorizationURL = `${context.emulator.url}/auth/authorize`;
    await using app = await context.startApp({ strategy: { baseURL: relay.url, authorizationURL } });
    expect((await context.signIn(app)).status).to.equal(200);
    const callback = await context.startLogin(app, { user: 'grace-student' });
    context.emulator.clearRequests();
    relay.closeIdle();
    const { status, body } = await context.browser.get(callback);
    expect(status, body).to.equal(200);
    expect(relay.countLost(), 'a request was lost').to.be.at.least(1);
    expect(await context.readUserName(app)).to.equal('grace-student');
    expect(context.emulator.requests.map(({ path }) => path)).to.deep.equal(['/irk/oauth/token', '/irk/api/v1/me']);
  });
});
