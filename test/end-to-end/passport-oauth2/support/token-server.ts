import { parse } from 'node:querystring';
import { text } from 'node:stream/consumers';
import { clientOptions } from '../../../support/client-options';
import { documentedProfile } from '../../../support/nock-metafy';
import { WebServer } from '../../../support/web-server';
import { rightAnswer } from './cases';
import type { Trial } from './trial';

/** What came to the server since `expect`. */
export interface Received {
  posted: Record<string, unknown>[];
  read: string[];
}

/** A token and profile endpoint on loopback that takes forms and JSON alike. */
export class TokenServer implements AsyncDisposable {
  readonly endpoints: { authorizationURL: string; tokenURL: string; userProfileURL: string };
  readonly #server: WebServer;
  #answer: Trial['answer'];
  #received: Received = { posted: [], read: [] };

  private constructor(server: WebServer) {
    const { url } = server;
    this.#server = server;
    this.endpoints = {
      authorizationURL: `${url}/authorize`,
      tokenURL: `${url}/token`,
      userProfileURL: `${url}/me`,
    };
    server.handle(async (req, res) => {
      const body = await text(req);
      const custom = Object.entries(req.headers).filter(([name]) => name.startsWith('x-'));
      if (req.method === 'POST') {
        this.#received.posted.push({ ...parseBody(body), ...Object.fromEntries(custom) });
        const { status = 200, headers, body: answer = rightAnswer } = this.#answer ?? {};
        res.writeHead(status, headers).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      } else {
        this.#received.read.push([req.url, req.headers.authorization, ...custom.flat()].join(' '));
        res.end(JSON.stringify(documentedProfile));
      }
    });
  }

  static async start(): Promise<TokenServer> {
    return new TokenServer(await WebServer.start());
  }

  /** Forgets what came, and answers token requests with `answer` from now on. */
  expect(answer: Trial['answer']): Received {
    this.#answer = answer;
    this.#received = { posted: [], read: [] };
    return this.#received;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

/** Right credentials are left out. */
function parseBody(body: string): Record<string, unknown> {
  const parameters = body.startsWith('{') ? JSON.parse(body) : { ...parse(body) };
  const { client_id, client_secret, ...rest } = parameters;
  const isRight = client_id === clientOptions.clientID && client_secret === clientOptions.clientSecret;
  return isRight ? rest : parameters;
}
