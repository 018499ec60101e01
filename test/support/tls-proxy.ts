import http from 'node:http';
import { WebServer } from './web-server';

/** A proxy that terminates TLS, as in front of most applications: it says so in `X-Forwarded-…`. */
export async function startTLSProxy(
  targetPort: number,
  certificate: { key: string; cert: string },
): Promise<WebServer> {
  const proxy = await WebServer.start({ certificate });
  proxy.handle((incoming, response) => {
    const { method, url: path, headers } = incoming;
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': headers.host };
    const request = http.request({
      host: '127.0.0.1',
      port: targetPort,
      method,
      path,
      headers: { ...headers, ...forwarded, host: 'inside.internal' },
      agent: false,
    });
    request.on('error', () => response.destroy());
    request.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(request);
  });
  return proxy;
}
