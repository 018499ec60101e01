import { expect } from 'chai';
import express5 from 'express';
import fc from 'fast-check';
import { AuthorizationError } from 'passport-oauth2';
import { MetafyError } from '../../src';
import { check, fuzzTimeoutMs } from './support/check';
import { clientSecret, type FuzzedApp, type PendingLogin, startFuzzedApp } from './support/fuzzed-app';
import { type HostileRequest, hostileRequests, toBytes } from './support/hostile-requests';
import { type RawAnswer, RawConnection } from './support/raw-connection';
import { canaries, StubMetafy } from './support/stub-metafy';

const express4 = require('express4') as typeof express5;
const cases = 20_000;

for (const [version, express] of [
  ['Express 5', express5],
  ['Express 4', express4],
] as const) {
  describe(`any request of the callback under ${version}`, function () {
    this.timeout(fuzzTimeoutMs);
    let metafy: StubMetafy;
    let app: FuzzedApp;

    before(async () => {
      metafy = await StubMetafy.start();
      app = await startFuzzedApp(express, metafy);
    });
    after(async () => {
      await app[Symbol.asyncDispose]();
      await metafy.stop();
    });

    it(`is answered, gives nothing away and signs in only who finishes their own login, ${cases} times`, async () => {
      const connection = new RawConnection(app.port);
      const answered = new Map<number, number>();
      const property = fc.asyncProperty(hostileRequests(app.logins), async (request) => {
        app.errors.length = 0;
        const answer = await connection.send(toBytes(request, app.port));
        answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1);
        for (const error of app.errors) expectKnownError(error);
        expectNoSecret(answer, metafy);
        expectNoReflection(answer);
        if (answer.status === 200) expectOwnLogin(answer, request, app.logins);
        if (answer.status === 302) expectStart(answer, metafy);
      });
      await check(cases, property);
      connection.close();
      console.log(`      answered: ${JSON.stringify(Object.fromEntries(answered))}`);
      // Or the cases would not go where they should: logins, starts, refusals of each kind.
      for (const status of [200, 302, 400, 401, 403, 502]) {
        expect(answered.get(status), `answers with ${status}`).to.be.greaterThan(cases / 500);
      }
    });

    it('signs everybody in with their own code, state and cookie', async () => {
      const connection = new RawConnection(app.port);
      for (const { path, code, state, cookie, userName } of app.logins) {
        const { name, value } = cookie;
        const query = `code=${code}&state=${state}`;
        const right = { path, query, cookie: `${name}=${value}`, headers: [], body: undefined };
        const { status, body } = await connection.send(toBytes(right, app.port));
        expect([status, JSON.parse(body).userName]).to.deep.equal([200, userName]);
      }
      connection.close();
    });
  });
}

/** Anything else would be an exception that nobody meant to throw. */
function expectKnownError(error: unknown): void {
  const isOurs = error instanceof MetafyError || error instanceof AuthorizationError;
  const isOfBodyParser = typeof (error as { type?: unknown }).type === 'string';
  if (!isOurs && !isOfBodyParser) throw new Error('an error that is not documented', { cause: error });
}

function expectNoSecret({ head, body }: RawAnswer, { verifiers }: StubMetafy): void {
  const secrets = [clientSecret, ...Object.values(canaries), ...verifiers];
  const shown = secrets.filter((secret) => head.includes(secret) || body.includes(secret));
  // Not in the loop: chai would take half of the time.
  expect(shown).to.deep.equal([]);
}

function expectNoReflection({ head, body }: RawAnswer): void {
  expect(head).not.to.match(/^injected/im);
  if (/^content-type: application\/json/im.test(head)) return;
  expect(body).not.to.match(/<script|<img/i);
}

/** By what was sent, and not by how anybody has parsed it. */
function expectOwnLogin(
  { body }: RawAnswer,
  { path, query, cookie, headers, body: posted }: HostileRequest,
  logins: readonly PendingLogin[],
): void {
  const { userName } = JSON.parse(body) as { userName: string };
  const login = logins.find((candidate) => candidate.userName === userName);
  const sent = `${query} ${posted?.text}`.replace(/%([\da-f]{2})/gi, (_, byte) =>
    String.fromCharCode(Number.parseInt(byte, 16)),
  );
  const cookies = [cookie, ...headers.map(([, value]) => value)].join('; ');
  expect(path).to.equal(login?.path);
  expect(sent).to.include(login?.code).and.to.include(login?.state);
  expect(cookies).to.include(`${login?.cookie.name}=${login?.cookie.value}`);
}

/** A login that is started leads to Metafy, whatever was asked, and touches no cookie of anybody else. */
function expectStart({ head }: RawAnswer, { url }: StubMetafy): void {
  const locations = [...head.matchAll(/^location: (.*)$/gim)].map(([, location]) => location);
  expect(locations).to.have.length(1);
  expect(locations[0]?.startsWith(`${url}/auth/authorize?`)).to.equal(true);
  for (const [, setCookie = ''] of head.matchAll(/^set-cookie: (.*)$/gim)) {
    expect(setCookie).to.match(/^(__Host-)?metafy-login-[\w-]{22}=[\w.-]*; Max-Age=\d+; Path=\/; HttpOnly; /);
  }
}
