import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { WebServer } from '../../support/web-server';

interface IssuedCode {
  challenge: string;
  redirectURI: string;
  userName: string;
}

export const tokens = { accessToken: 'canary-access-token', refreshToken: 'canary-refresh-token' };

/**
 * As little of Metafy as a sign-in needs, and fast. It takes a code as often as it comes, which Metafy does not: the
 * application has only itself to rely on.
 */
export class StubMetafy {
  readonly #codes = new Map<string, IssuedCode>();
  /** Every verifier that was sent. */
  readonly verifiers = new Set<string>();
  readonly #server: WebServer;

  private constructor(server: WebServer) {
    this.#server = server;
  }

  static async start(): Promise<StubMetafy> {
    const stub = new StubMetafy(await WebServer.start());
    stub.#server.handle(async (request, response) => {
      const [status, answer] = request.url?.endsWith('/v1/me')
        ? stub.#answerProfile(request.headers.authorization)
        : stub.#answerToken(JSON.parse(await text(request)));
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    });
    return stub;
  }

  get url(): string {
    return this.#server.url;
  }

  /** What a person does at `authorizationURL`: the code that is issued for exactly that login. */
  issueCode(authorizationURL: string, userName: string): string {
    const { searchParams } = new URL(authorizationURL);
    const challenge = searchParams.get('code_challenge') ?? '';
    const redirectURI = searchParams.get('redirect_uri') ?? '';
    const code = `code-of-${userName}`;
    this.#codes.set(code, { challenge, redirectURI, userName });
    return code;
  }

  stop(): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }

  #answerToken({ code, code_verifier, redirect_uri }: Record<string, string>): [number, object] {
    if (code_verifier) this.verifiers.add(code_verifier);
    const issued = this.#codes.get(code ?? '');
    const challenge = createHash('sha256')
      .update(code_verifier ?? '')
      .digest('base64url');
    if (issued?.challenge !== challenge || issued.redirectURI !== redirect_uri) {
      return [400, { error: 'invalid_grant', error_description: `not ${code}` }];
    }
    return [
      200,
      {
        access_token: `${tokens.accessToken}.${issued.userName}`,
        refresh_token: tokens.refreshToken,
        token_type: 'Bearer',
      },
    ];
  }

  #answerProfile(authorization = ''): [number, object] {
    const name = authorization.split('.')[1];
    return name ? [200, { user: { id: name, name } }] : [401, {}];
  }
}
