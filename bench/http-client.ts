import http, { type IncomingMessage, type RequestOptions } from 'node:http';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Sends one request and reads its whole answer; follows no redirects. */
export function sendRequest(url: string | URL, options: RequestOptions, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const read = (incoming: IncomingMessage): void => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode as number, headers: incoming.headers, body: text }),
      );
      incoming.on('error', reject);
    };
    http.request(url, options, read).on('error', reject).end(body);
  });
}

/** The `name=value` pairs that an answer sets. */
export function readCookies({ headers }: Answer): string[] {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0] as string);
}
