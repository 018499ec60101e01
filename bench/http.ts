import http, { type RequestListener, type RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = { status: number; headers: http.IncomingHttpHeaders; body: string };

/** Sends one request and reads its whole answer; follows no redirects. */
export function sendRequest(url: string | URL, options: RequestOptions, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(url, options, (incoming) => {
      const { statusCode: status = 0, headers } = incoming;
      const chunks: string[] = [];
      incoming.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
      incoming.on('error', reject).on('end', () => resolve({ status, headers, body: chunks.join('') }));
    });
    outgoing.on('error', reject).end(body);
  });
}

/** The `name=value` pairs that an answer sets. */
export function readCookies({ headers }: Answer): string[] {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0] as string);
}

/** Serves on a loopback port that the system chooses. */
export async function listen(listener?: RequestListener): Promise<{ server: http.Server; url: string }> {
  const server = http.createServer(listener);
  // Some chapters open a thousand connections at once; Node's own backlog is 511.
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
