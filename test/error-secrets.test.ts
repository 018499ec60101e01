import { inspect } from 'node:util';
import { expect } from 'chai';
import { MetafyStrategy } from '../src';
import { resolveClient } from '../src/client';
import { requestRevocation, requestToken } from '../src/token-endpoint';
import { caught } from './support/caught';
import { clientOptions, strategyOptions } from './support/client-options';
import { documentedTokens } from './support/nock-metafy';
import { type RawServer, startRawServer, toAnswer } from './support/raw-server';
import { expectOutcome, signIn } from './support/strategy-run';

const secrets = {
  client: 'canary-client-secret',
  code: 'canary-code',
  verifier: 'canary-verifier',
  refresh: 'canary-refresh-token',
  token: 'canary-token',
};

/** Everything an application might print of an error. */
function print(error: Error): string {
  return [
    error.message,
    error.stack,
    String(error),
    inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    JSON.stringify(error),
    JSON.stringify(Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name)))),
  ].join('\n');
}

describe('what is printed of an error holds no secret', () => {
  let server: RawServer;
  let baseURL: string;
  let answers: string[];

  beforeEach(async () => {
    server = await startRawServer((socket, count) => socket.write(answers[count - 1] ?? answers[0] ?? ''));
    baseURL = new URL(server.url).origin;
  });
  afterEach(() => server.stop());

  const createClient = (timeoutMs = 2000) =>
    resolveClient('the test', { ...clientOptions, baseURL, timeoutMs, clientSecret: secrets.client });
  /** What asks Metafy, and the secrets it sends. */
  const requests: Record<string, [sent: string[], ask: (timeoutMs?: number) => Promise<unknown>]> = {
    'a code exchange': [
      [secrets.client, secrets.code, secrets.verifier],
      (timeoutMs) =>
        requestToken(createClient(timeoutMs), {
          grant_type: 'authorization_code',
          code: secrets.code,
          code_verifier: secrets.verifier,
        }),
    ],
    'a refresh': [
      [secrets.client, secrets.refresh],
      (timeoutMs) =>
        requestToken(createClient(timeoutMs), {
          grant_type: 'refresh_token',
          refresh_token: secrets.refresh,
        }),
    ],
    'a revocation': [
      [secrets.client, secrets.token],
      (timeoutMs) => requestRevocation(createClient(timeoutMs), { token: secrets.token }),
    ],
  };

  for (const [title, [sent, ask]] of Object.entries(requests)) {
    for (const secret of sent) {
      it(`when Metafy repeats ${secret} in its answer to ${title}`, async () => {
        const details = { error_description: `not ${secret}`, error_uri: `https://a.example/${secret}` };
        answers = [{ error: 'invalid_grant', ...details }, { error: secret }].map((json) =>
          toAnswer(400, {}, JSON.stringify(json)),
        );
        const errors = [await caught(() => ask()), await caught(() => ask())];
        expect(errors[0]).to.include({ code: 'invalid_grant' });
        expect(errors[1]).to.include({ code: 'bad_status' });
        expect(errors.map(print).join()).not.to.include('canary');
      });
    }

    for (const [fault, answer] of Object.entries({
      'a page': toAnswer(500, {}, `<html>${Object.values(secrets)}</html>`),
      'no JSON': toAnswer(200, {}, `{"access_token":"${secrets.token}"`),
      'an unusable token': toAnswer(200, {}, JSON.stringify({ access_token: `${secrets.token} ` })),
      'no HTTP': `${Object.values(secrets)}\r\n\r\n`,
      'half an answer': toAnswer(200, {}, JSON.stringify({ access_token: secrets.token })).slice(0, -1),
    })) {
      if (title === 'a revocation' && fault === 'an unusable token') continue;
      it(`when Metafy answers ${title} with ${fault}`, async () => {
        answers = [answer];
        expect(print(await caught(() => ask(150)))).not.to.include('canary');
      });
    }
  }

  describe('in a login', () => {
    const loginError = async (...given: string[]) => {
      answers = given;
      const strategy = new MetafyStrategy(
        { ...strategyOptions, baseURL, clientSecret: secrets.client, timeoutMs: 500 },
        () => ({ id: 1 }),
      );
      return (await expectOutcome('error', signIn(strategy, {}, `code=${secrets.code}`))).error;
    };
    const tokens = toAnswer(200, {}, JSON.stringify({ ...documentedTokens, access_token: secrets.token }));

    it('whose code exchange fails', async () => {
      const echo = JSON.stringify({
        error: 'invalid_grant',
        error_description: `${secrets.code} ${secrets.client}`,
      });
      const error = await loginError(toAnswer(400, {}, echo));
      expect(error).to.include({ code: 'invalid_grant' });
      expect(print(error)).not.to.include('canary');
    });

    it('whose profile is refused with the token in WWW-Authenticate', async () => {
      for (const challenge of [
        `Bearer error="invalid_token", error_description="unknown: ${secrets.token}"`,
        `Bearer error="${secrets.token}"`,
        `Bearer realm="${secrets.token}", error="invalid_token"`,
      ]) {
        server.requests.length = 0;
        const error = await loginError(tokens, toAnswer(401, { 'WWW-Authenticate': challenge }));
        expect(error).to.include({ upstreamStatus: 401 });
        expect(print(error)).not.to.include('canary');
      }
    });

    it('whose profile is no profile', async () => {
      const error = await loginError(tokens, toAnswer(200, {}, `{"token":"${secrets.token}"}`));
      expect(error).to.include({ code: 'bad_body' });
      expect(print(error)).not.to.include('canary');
    });
  });
});
