import { expect } from 'chai';
import { MetafyError, MetafyStrategy, refreshTokens, revokeToken } from '../../src';
import { caught } from '../support/caught';
import { clientOptions, strategyOptions } from '../support/client-options';
import { type RawServer, startRawServer, toAnswer } from '../support/raw-server';
import { expectOutcome, signIn } from '../support/strategy-run';
import { rightTokens } from './support/telling-server';

describe('secrets sent on by a redirect of Metafy’s side (RFC 9700, section 4.12; OWASP SSRF Prevention)', () => {
  let elsewhere: RawServer;
  let metafy: RawServer;
  let status: number;

  before(async () => {
    elsewhere = await startRawServer((socket) => socket.write(rightTokens));
    metafy = await startRawServer((socket) => {
      const isExchange = metafy.requests.at(-1)?.includes('authorization_code');
      socket.write(isExchange ? rightTokens : toAnswer(status, { Location: elsewhere.url }));
    });
  });
  after(async () => {
    await metafy.stop();
    await elsewhere.stop();
  });

  for (const code of [301, 302, 303, 307, 308]) {
    it(`does not happen with status ${code}, which is an error`, async () => {
      status = code;
      const client = { ...clientOptions, baseURL: new URL(metafy.url).origin };
      const strategy = new MetafyStrategy({ ...strategyOptions, ...client }, () => false);
      const errors = [
        await caught(() => refreshTokens(client, 'a-refresh-token')),
        await caught(() => revokeToken(client, 'a-token')),
        (await expectOutcome('error', signIn(strategy))).error,
      ];
      for (const error of errors) {
        expect(error).to.be.instanceOf(MetafyError);
        expect(error).to.include({ code: 'bad_status', upstreamStatus: code });
      }
      expect(elsewhere.sockets).to.deep.equal([]);
    });
  }
});
