import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves on a loopback port that the system chooses. */
export async function listen(listener?: RequestListener): Promise<{ server: http.Server; url: string }> {
  const server = http.createServer(listener);
  // A thousand connections at once are part of the measurements, and Node's own backlog is 511.
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
