import { parse } from 'node:querystring';
import { text } from 'node:stream/consumers';
import { clientOptions } from '../../support/client-options';
import { documentedProfile } from '../../support/nock-metafy';
import { WebServer } from '../../support/web-server';
import type { Trial } from './trial';

export const rightAnswer = {
  access_token: 'the-access-token',
  token_type: 'Bearer',
  expires_in: 7200,
  refresh_token: 'the-refresh-token',
  scope: 'profile',
};

/** What came to the server since `expect`. */
export interface Received {
  posted: Record<string, unknown>[];
  read: string[];
}

/** A token and profile endpoint on loopback that takes forms and JSON alike. */
export class TokenServer implements AsyncDisposable {
  readonly #server: WebServer;
  #answer: Trial['answer'];
  #received: Received = { posted: [], read: [] };

  private constructor(server: WebServer) {
    this.#server = server;
  }

  static async start(): Promise<TokenServer> {
    const server = await WebServer.start();
    const started = new TokenServer(server);
    server.handle(async (req, res) => {
      const body = await text(req);
      const custom = Object.entries(req.headers).filter(([name]) => name.startsWith('x-'));
      if (req.method === 'POST') {
        started.#received.posted.push({ ...decode(body), ...Object.fromEntries(custom) });
        const { status = 200, headers, body: answer = rightAnswer } = started.#answer ?? {};
        res.writeHead(status, headers).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      } else {
        started.#received.read.push([req.url, req.headers.authorization, ...custom.flat()].join(' '));
        res.end(JSON.stringify(documentedProfile));
      }
    });
    return started;
  }

  /** Forgets what came, and answers token requests with `answer` from now on. */
  expect(answer: Trial['answer']): Received {
    this.#answer = answer;
    this.#received = { posted: [], read: [] };
    return this.#received;
  }

  get url(): string {
    return this.#server.url;
  }

  get endpoints() {
    const { url } = this;
    return { authorizationURL: `${url}/authorize`, tokenURL: `${url}/token`, userProfileURL: `${url}/me` };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

/** Right credentials are left out. */
function decode(body: string): Record<string, unknown> {
  const parameters = body.startsWith('{') ? JSON.parse(body) : { ...parse(body) };
  const { client_id, client_secret, ...rest } = parameters;
  const isRight = client_id === clientOptions.clientID && client_secret === clientOptions.clientSecret;
  return isRight ? rest : parameters;
}
