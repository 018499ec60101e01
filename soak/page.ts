import http from 'node:http';
import { actionHeader } from './application';

export interface Page {
  status: number;
  location: string;
  /** The parsed body; `undefined` when it is no JSON. */
  json: Record<string, unknown> | undefined;
}

/** Above anything the application is allowed to take: a sign-in asks Metafy twice. */
const patienceMs = 30_000;

/** As much of a browser as is needed here: cookies by name, and no redirects. */
export class PageLoader {
  readonly #baseURL: string;
  readonly #agent: http.Agent;
  readonly #cookies = new Map<string, string>();

  constructor(baseURL: string, agent: http.Agent) {
    this.#baseURL = baseURL;
    this.#agent = agent;
  }

  load(method: string, url: string, action = ''): Promise<Page> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return new Promise((resolve, reject) => {
      const request = http.request(new URL(url, this.#baseURL), {
        method,
        agent: this.#agent,
        timeout: patienceMs,
        headers: { [actionHeader]: action, ...(cookie && { Cookie: cookie }) },
      });
      request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${url}`)));
      request.on('error', reject);
      request.on('response', (response) => {
        for (const line of response.headers['set-cookie'] ?? []) this.#keepCookie(line);
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text) => {
          body += text;
        });
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, location: headers.location ?? '', json: parse(body) });
        });
      });
      request.end();
    });
  }

  #keepCookie(line: string): void {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
    const isExpired = value === '' || /; *(max-age=0|expires=[^;]*1970)/i.test(line);
    if (isExpired) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

function parse(body: string): Page['json'] {
  try {
    return JSON.parse(body) as Page['json'];
  } catch {
    return undefined;
  }
}
