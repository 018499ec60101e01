import http, { type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { type Cookie, CookieJar } from 'tough-cookie';

export interface CookieBrowserOptions {
  /** Trusted beside nothing else, in PEM. */
  ca?: string;
  /** Host names and the loopback port that answers for each. */
  hosts?: Record<string, number>;
}

export interface Page {
  status: number;
  headers: IncomingHttpHeaders;
  /** `Location`, made absolute; empty when there is none. */
  location: string;
  body: string;
}

/** About what Chromium sends, so that headers have the size they have in life. */
const ordinaryHeaders = {
  Accept:
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
  'Accept-Language': 'en-GB,en-US;q=0.9,en;q=0.8,de;q=0.7',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Sec-Ch-Ua': '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"',
  'Sec-Fetch-Dest': 'document',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Site': 'cross-site',
  'Upgrade-Insecure-Requests': '1',
  Connection: 'close',
};

/** As much of a browser as a sign-in needs: navigation, one step at a time, and a cookie jar. */
export class CookieBrowser {
  readonly jar = new CookieJar(undefined, { prefixSecurity: 'strict', allowSecureOnLocal: false });
  readonly #options: CookieBrowserOptions;

  constructor(options: CookieBrowserOptions = {}) {
    this.#options = options;
  }

  get(url: string, headers: OutgoingHttpHeaders = {}): Promise<Page> {
    return this.request('GET', url, headers);
  }

  post(url: string, type: string, body: string): Promise<Page> {
    return this.request('POST', url, { 'Content-Type': type }, body);
  }

  /** Without following redirects. `headers.Cookie` is sent instead of the jar's. */
  async request(method: string, url: string, headers: OutgoingHttpHeaders, body?: string): Promise<Page> {
    const cookie = headers.Cookie ?? (await this.jar.getCookieString(url));
    const sent = { ...ordinaryHeaders, ...headers, ...(cookie && { Cookie: cookie }) };
    const page = await this.#exchange(method, new URL(url), sent, body);
    for (const line of page.headers['set-cookie'] ?? []) {
      // As a browser does: a cookie that breaks a rule is ignored.
      await this.jar.setCookie(line, url, { ignoreError: true });
    }
    return page;
  }

  cookies(url: string): Promise<Cookie[]> {
    return this.jar.getCookies(url);
  }

  #exchange(method: string, url: URL, headers: OutgoingHttpHeaders, body: string | undefined): Promise<Page> {
    const { ca, hosts = {} } = this.#options;
    const mappedPort = hosts[url.hostname];
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? https : http).request({
        host: mappedPort ? '127.0.0.1' : url.hostname,
        port: mappedPort ?? url.port,
        ...(mappedPort && { servername: url.hostname }),
        path: url.pathname + url.search,
        method,
        headers: { Host: url.host, ...headers },
        agent: false,
        ca,
      });
      request.on('error', reject);
      // So that a server that never answers fails the test instead of keeping the process.
      request.setTimeout(5000, () => request.destroy(new Error(`${method} ${url.pathname}: no answer`)));
      request.on('response', async (response) => {
        const { statusCode = 0, headers: received } = response;
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const location = received.location ? new URL(received.location, url).href : '';
          const text = Buffer.concat(chunks).toString();
          resolve({ status: statusCode, headers: received, location, body: text });
        });
      });
      request.end(body);
    });
  }
}
