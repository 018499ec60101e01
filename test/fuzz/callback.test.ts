import { expect } from 'chai';
import express5 from 'express';
import fc from 'fast-check';
import { MetafyError, MetafyStrategy } from '../../src';
import { strategyOptions } from '../support/client-options';
import { createRequest, runStrategy } from '../support/strategy-run';
import { check, fuzzTimeoutMs } from './support/check';
import { clientSecret, type FuzzedApp, type PendingLogin, startFuzzedApp, startFuzzedSite } from './support/fuzzed-app';
import { type HostileRequest, hostileRequests, toBytes } from './support/hostile-requests';
import { anyJSON, hostileText } from './support/hostile-text';
import { type RawAnswer, RawConnection } from './support/raw-connection';
import { StubMetafy, tokens } from './support/stub-metafy';

const express4 = require('express4') as typeof express5;

const applications: Record<string, (metafy: StubMetafy) => Promise<FuzzedApp>> = {
  'Express 5': (metafy) => startFuzzedApp(express5, metafy),
  'Express 4': (metafy) => startFuzzedApp(express4, metafy),
  MetafySignIn: startFuzzedSite,
};

for (const [version, start] of Object.entries(applications)) {
  describe(`any request of the callback under ${version}`, function () {
    this.timeout(fuzzTimeoutMs);
    let metafy: StubMetafy;
    let app: FuzzedApp;
    let connection: RawConnection;

    before(async () => {
      metafy = await StubMetafy.start();
      app = await start(metafy);
      connection = new RawConnection(app.port);
    });
    after(async () => {
      connection.close();
      await app[Symbol.asyncDispose]();
      await metafy.stop();
    });

    it('is answered, reveals nothing and signs in only who finishes their own login', async () => {
      const statuses = new Set<number>();
      const property = fc.asyncProperty(hostileRequests(app.logins), async (request) => {
        app.errors.length = 0;
        const answer = await connection.send(toBytes(request, app.port));
        statuses.add(answer.status);
        for (const error of app.errors) expectKnownError(error);
        expectNoSecret(answer, metafy);
        expectNoReflection(answer);
        if (answer.status === 200) expectOwnLogin(answer, request, app.logins);
        if (answer.status === 302) expectStart(answer, metafy);
      });
      await check(property);
      // Or the cases would not go where they should: logins, starts, errors of each kind.
      expect([...statuses]).to.include.members([200, 302, 400, 401, 403, 503]);
    });

    it('signs everybody in with their own code, state and cookie', async () => {
      for (const { path, code, state, cookie, userName } of app.logins) {
        const query = `code=${code}&state=${state}`;
        const right = { path, query, cookie: `${cookie.name}=${cookie.value}`, headers: [], body: undefined };
        const { status, body } = await connection.send(toBytes(right, app.port));
        expect([status, JSON.parse(body).userName]).to.deep.equal([200, userName]);
      }
    });
  });
}

describe('any `req.query` and `req.body` of the callback', function () {
  this.timeout(fuzzTimeoutMs);
  const strategy = new MetafyStrategy(strategyOptions, () => false);
  const names = fc.oneof(fc.constantFrom('code', 'state', 'error', 'error_description', 'code[]'), hostileText);
  const values = fc.dictionary(names, fc.oneof(hostileText, anyJSON));

  it('starts a login or is rejected with 400 or 403, whatever parsed it', () =>
    check(
      fc.asyncProperty(
        fc.option(values, { nil: undefined }),
        fc.oneof(values, anyJSON),
        hostileText,
        async (query, body, url) => {
          const outcome = await runStrategy(strategy, createRequest({ url, extra: { query, body } }));
          if (outcome.type === 'fail') expect([400, 403]).to.include(outcome.status);
          else expect(outcome.type).to.equal('redirect');
        },
      ),
    ));
});

/** Anything else would be an exception that nobody meant to throw. */
function expectKnownError(error: unknown): void {
  const isOurs = error instanceof MetafyError;
  const isOfBodyParser = typeof (error as { type?: unknown }).type === 'string';
  if (!isOurs && !isOfBodyParser) throw new Error('an error that is not documented', { cause: error });
}

function expectNoSecret({ head, body }: RawAnswer, { verifiers }: StubMetafy): void {
  const secrets = [clientSecret, ...Object.values(tokens), ...verifiers];
  // Not an assertion for each: chai would take half of the time.
  const shown = secrets.filter((secret) => head.includes(secret) || body.includes(secret));
  expect(shown).to.deep.equal([]);
}

function expectNoReflection({ head, body }: RawAnswer): void {
  expect(head).not.to.match(/^injected/im);
  if (!/^content-type: application\/json/im.test(head)) expect(body).not.to.match(/<script|<img/i);
}

/** By what was sent, and not by how anybody has parsed it. */
function expectOwnLogin(answer: RawAnswer, request: HostileRequest, logins: readonly PendingLogin[]): void {
  const { userName } = JSON.parse(answer.body) as { userName: string };
  const login = logins.find((candidate) => candidate.userName === userName);
  const sent = `${request.query} ${request.body?.text}`.replace(/%([\da-f]{2})/gi, (_, byte) =>
    String.fromCharCode(Number.parseInt(byte, 16)),
  );
  const cookies = [request.cookie, ...request.headers.map(([, value]) => value)].join('; ');
  expect(request.path).to.equal(login?.path);
  expect(sent).to.include(login?.code).and.to.include(login?.state);
  expect(cookies).to.include(`${login?.cookie.name}=${login?.cookie.value}`);
}

/** A login that is started leads to Metafy, whatever was asked, and touches no cookie of anybody else. */
function expectStart({ head }: RawAnswer, { url }: StubMetafy): void {
  const locations = [...head.matchAll(/^location: (.*)$/gim)].map(([, location]) => location);
  expect(locations).to.have.length(1);
  expect(locations[0]?.startsWith(`${url}/auth/authorize?`)).to.equal(true);
  for (const [, setCookie = ''] of head.matchAll(/^set-cookie: (.*)$/gim)) {
    expect(setCookie).to.match(/^(__Host-)?metafy-login-[\w-]+=[\w.-]*; Max-Age=\d+; Path=\/; HttpOnly; /);
  }
}
