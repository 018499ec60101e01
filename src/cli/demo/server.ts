import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetafyEmulator } from '../../emulator';
import { createApplication } from './application';

/** Where the application and the emulator listen, and nowhere else: anybody who reaches them can sign in as anybody. */
export const hostname = '127.0.0.1';

/** The application on `node:http`, for an emulator that listens. */
export function createDemoServer(emulator: MetafyEmulator): Server {
  const [application] = emulator.applications;
  const [community] = emulator.communities;
  if (!application || !community) throw new Error('The emulator has no demo application or community.');
  const { clientID, clientSecret } = application;
  const respond = createApplication({ client: { clientID, clientSecret, baseURL: emulator.url }, community });

  const server = createServer(async (req, res) => {
    const response = await handle(req).catch((error: unknown) => {
      console.error(error);
      return new Response('Something went wrong. See the terminal.\n', { status: 500 });
    });
    res.writeHead(response.status, [...response.headers].flat());
    res.end(await response.text());
  });

  async function handle({ method = '', url = '', headers }: IncomingMessage): Promise<Response> {
    const origin = getOrigin(server);
    const { host = '' } = headers;
    // What `Request` does not take.
    if (!url.startsWith('/')) return new Response(null, { status: 400 });
    if (!['GET', 'HEAD', 'POST'].includes(method)) return new Response(null, { status: 405 });
    // The cookies of a sign-in belong to one host.
    if (host === new URL(origin).host.replace(hostname, 'localhost')) {
      return new Response(null, { status: 307, headers: { Location: origin + url } });
    }
    // Without this a website could get here through a name of its own that resolves to this machine (DNS rebinding).
    if (host !== new URL(origin).host) return new Response(`Open ${origin} instead.\n`, { status: 421 });
    return respond(new Request(origin + url, { method, headers: headers as Record<string, string> }));
  }
  return server;
}

/** Where a browser goes, once `server` listens. */
export function getOrigin(server: Server): string {
  return `http://${hostname}:${(server.address() as AddressInfo).port}`;
}
