import { createHash } from 'node:crypto';
import { expect } from 'chai';
import nock from 'nock';
import { MetafyStrategy } from '../../src';
import { strategyOptions } from '../support/client-options';
import { answerProfile, documentedProfile, documentedTokens, useNock } from '../support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, startLogin } from '../support/strategy-run';

const createStrategy = (options: object = {}) =>
  new MetafyStrategy({ ...strategyOptions, ...options }, ({ profile, tokens }) => ({ profile, tokens }));

const documentedQuery =
  'client_id=client-id-of-the-tests&redirect_uri=https%3A%2F%2Fapp.example%2Fauth%2Fmetafy%2Fcallback&response_type=code&scope=profile';

interface SentRequest {
  method: string;
  path: string;
  headers: Record<string, unknown>;
  body: string;
}

/** Answers one login; its code exchange is in the array that it returns. */
function watchExchange(): SentRequest[] {
  const sent: SentRequest[] = [];
  nock('https://metafy.gg')
    .post('/irk/oauth/token')
    .reply(function (_uri, given) {
      const { method, path, headers } = this.req as unknown as SentRequest;
      sent.push({ method, path, headers, body: JSON.stringify(given) });
      return [200, documentedTokens];
    });
  answerProfile(200, documentedProfile);
  return sent;
}

describe('on the wire', () => {
  useNock();

  describe('the authorization URL', () => {
    const createURL = async (options?: object): Promise<string> => {
      const req = createRequest({ url: '/auth/metafy' });
      const outcome = runStrategy(createStrategy(options), req);
      return (await expectOutcome('redirect', outcome)).text;
    };

    it('has exactly the documented parameters, and those of PKCE', async () => {
      const url = await createURL();
      expect(url.startsWith(`https://metafy.gg/auth/authorize?${documentedQuery}&`)).to.equal(true);
      const added = Object.fromEntries(
        new URLSearchParams(url.slice(url.indexOf(documentedQuery) + documentedQuery.length)),
      );
      expect(added).to.have.all.keys('state', 'code_challenge', 'code_challenge_method');
      expect(added.state).to.match(/^[\w-]{22}$/);
      expect(added.code_challenge).to.match(/^[\w-]{43}$/);
      expect(added.code_challenge_method).to.equal('S256');
    });

    it('has the documented parameters alone without state and PKCE', async () => {
      expect(await createURL({ store: false })).to.equal(`https://metafy.gg/auth/authorize?${documentedQuery}`);
    });
  });

  it('the code exchange is a JSON body with exactly the documented keys, and the verifier of the challenge', async () => {
    const strategy = createStrategy();
    const sent = watchExchange();
    const { url, state, jar } = await startLogin(strategy);
    const req = createRequest({ url: `/cb?code=a%2Fb%2Bc%2520+d&state=${state}`, cookies: jar });
    await expectOutcome('success', runStrategy(strategy, req));
    const [{ method, path, headers, body }] = sent as [SentRequest];
    const { code_verifier, ...documented } = JSON.parse(body);
    expect([method, path]).to.deep.equal(['POST', '/irk/oauth/token']);
    expect(documented).to.deep.equal({
      grant_type: 'authorization_code',
      code: 'a/b+c%20 d',
      redirect_uri: 'https://app.example/auth/metafy/callback',
      client_id: 'client-id-of-the-tests',
      client_secret: 'client-secret-of-the-tests',
    });
    const challenge = createHash('sha256').update(code_verifier).digest('base64url');
    expect(url.searchParams.get('code_challenge')).to.equal(challenge);
    expect(headers).to.include({ 'content-type': 'application/json', accept: 'application/json' });
    expect(String(headers['content-length'])).to.equal(String(Buffer.byteLength(body)));
    expect(headers['user-agent']).to.match(/^passport-metafy\/\d+\.\d+\.\d+/);
    // Newer versions of Metafy's engine refuse two kinds of credentials at once.
    expect(headers).not.to.have.any.keys('authorization', 'transfer-encoding');
  });
});
