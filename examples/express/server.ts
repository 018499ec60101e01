/*
 * "Sign in with Metafy" in Express. `npm run demo` starts it, with an emulated Metafy in the same process. With
 * METAFY_CLIENT_ID, METAFY_CLIENT_SECRET and METAFY_CALLBACK_URL it talks to metafy.gg; METAFY_COMMUNITY_ID and
 * METAFY_TIER_IDS give it pages for supporters there. PORT is where it listens; unless set, the port in the callback URL
 * or 3000.
 *
 * This file listens and stops. What you came for is in app.ts and supporters.ts; config.ts and metafy.ts choose the Metafy, pages/
 * has the HTML.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app';
import { readRegistration } from './config';
import { connectMetafy } from './metafy';

async function main(): Promise<void> {
  const registration = readRegistration();
  const server = createServer();
  const port = registration
    ? await listen(server, choosePort(registration.callbackURL))
    : await listenAnywhere(server, choosePort());
  const metafy = await connectMetafy(registration, port);
  server.on('request', createApp(metafy));

  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await metafy.stop();
  };
  // Once: a second Ctrl+C ends the process the hard way.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  // Where Metafy sends the browser back to: a cookie set at 127.0.0.1 would not be sent to localhost.
  console.log(`Open ${new URL(metafy.callbackURL, `http://127.0.0.1:${port}`).origin}`);
  if (metafy.emulation) console.log('Metafy is emulated; choose any person. Stop with Ctrl+C.');
}

function choosePort(callbackURL = ''): number {
  const { PORT } = process.env;
  if (PORT) return Number(PORT);
  return (URL.canParse(callbackURL) && Number(new URL(callbackURL).port)) || 3000;
}

async function listen(server: Server, port: number): Promise<number> {
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** Listens on `port`, or on a free one when another process has it. */
function listenAnywhere(server: Server, port: number): Promise<number> {
  return listen(server, port).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') return listen(server, 0);
    throw error;
  });
}

main().catch(({ message }: Error) => {
  console.error(message);
  // Not `exitCode`: the server may be listening already.
  process.exit(1);
});
