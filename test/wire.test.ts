import { createHash } from 'node:crypto';
import { expect } from 'chai';
import nock from 'nock';
import { MetafyStrategy } from '../src';
import { strategyOptions } from './support/client-options';
import { answerLogin, documentedProfile, documentedTokens, useNock } from './support/nock-metafy';
import { createRequest, expectOutcome, runStrategy, signIn, startLogin } from './support/strategy-run';

const createStrategy = (options: object = {}) =>
  new MetafyStrategy({ ...strategyOptions, ...options }, ({ profile, tokens }) => ({ profile, tokens }));

const encodedCallback = 'https%3A%2F%2Fapp.example%2Fauth%2Fmetafy%2Fcallback';
const unreserved = '[A-Za-z0-9_-]';

/** What a request looks like on the wire, as nock sees it. */
interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, unknown>;
  body: string;
}

function seeRequests(): SeenRequest[] {
  const seen: SeenRequest[] = [];
  const see = (body: unknown) =>
    function (this: nock.ReplyFnContext, _uri: string, sent: nock.Body): nock.ReplyFnResult {
      const { method, path, headers } = this.req as unknown as SeenRequest;
      seen.push({ method, path, headers, body: typeof sent === 'string' ? sent : JSON.stringify(sent) });
      return [200, body as nock.Body];
    };
  nock('https://metafy.gg').post('/irk/oauth/token').reply(see(documentedTokens));
  nock('https://metafy.gg').get('/irk/api/v1/me').reply(see(documentedProfile));
  return seen;
}

describe('on the wire', () => {
  useNock();

  describe('the authorize URL', () => {
    const startURL = async (options?: object, perRequest?: object): Promise<string> => {
      const req = createRequest({ url: '/auth/metafy' });
      return (await expectOutcome('redirect', runStrategy(createStrategy(options), req, perRequest))).text;
    };

    it('has exactly the documented parameters, and those of PKCE', async () => {
      expect(await startURL()).to.match(
        new RegExp(
          '^https://metafy\\.gg/auth/authorize' +
            `\\?client_id=client-id-of-the-tests&redirect_uri=${encodedCallback}` +
            `&response_type=code&scope=profile&state=${unreserved}{22}` +
            `&code_challenge=${unreserved}{43}&code_challenge_method=S256$`,
        ),
      );
    });

    it('has the documented parameters alone without state and PKCE', async () => {
      expect(await startURL({ store: false })).to.equal(
        `https://metafy.gg/auth/authorize?client_id=client-id-of-the-tests&redirect_uri=${encodedCallback}&response_type=code&scope=profile`,
      );
    });

    for (const scope of [['profile', 'community'], 'profile community']) {
      it(`separates scopes by %20, never by +: ${JSON.stringify(scope)}`, async () => {
        for (const url of [await startURL({ scope }), await startURL({}, { scope })]) {
          expect(url).to.include('&scope=profile%20community&');
          expect(url).not.to.include('+');
        }
      });
    }
  });

  describe('the code exchange', () => {
    const exchange = async (): Promise<SeenRequest> => {
      const seen = seeRequests();
      await expectOutcome('success', signIn(createStrategy(), {}, 'code=a-code'));
      return seen[0] as SeenRequest;
    };

    it('posts a JSON body with exactly the documented keys, and the verifier', async () => {
      const { method, path, body } = await exchange();
      const { code_verifier, ...documented } = JSON.parse(body);
      expect(`${method} ${path}`).to.equal('POST /irk/oauth/token');
      expect(code_verifier).to.match(new RegExp(`^${unreserved}{43}$`));
      expect(documented).to.deep.equal({
        grant_type: 'authorization_code',
        code: 'a-code',
        redirect_uri: 'https://app.example/auth/metafy/callback',
        client_id: 'client-id-of-the-tests',
        client_secret: 'client-secret-of-the-tests',
      });
    });

    it('says that it is JSON and how long, and authenticates the client in no other way', async () => {
      const { headers, body } = await exchange();
      expect(headers).to.include({ 'content-type': 'application/json', accept: 'application/json' });
      expect(String(headers['content-length'])).to.equal(String(Buffer.byteLength(body)));
      expect(headers['user-agent']).to.match(/^passport-metafy\/\d+\.\d+\.\d+/);
      expect(headers).not.to.have.property('authorization');
      expect(headers).not.to.have.property('transfer-encoding');
    });

    it("sends the verifier of the authorize URL's challenge", async () => {
      const strategy = createStrategy();
      const sent = answerLogin();
      const { url, state, jar } = await startLogin(strategy);
      const req = createRequest({ url: `/cb?code=a-code&state=${state}`, cookies: jar });
      await expectOutcome('success', runStrategy(strategy, req));
      const { code_verifier } = await sent;
      const challenge = createHash('sha256').update(String(code_verifier)).digest('base64url');
      expect(url.searchParams.get('code_challenge')).to.equal(challenge);
    });

    it('sends the code as it came, decoded once', async () => {
      const sent = answerLogin();
      await expectOutcome('success', signIn(createStrategy(), {}, 'code=a%2Fb%2Bc%2520+d'));
      expect(await sent).to.include({ code: 'a/b+c%20 d' });
    });

    it('has no verifier where there is no PKCE', async () => {
      const sent = answerLogin();
      await expectOutcome('success', signIn(createStrategy({ pkce: false })));
      expect(await sent).not.to.have.property('code_verifier');
    });
  });

  describe('the profile request', () => {
    it('sends the token in the header and nothing in the query', async () => {
      const seen = seeRequests();
      await expectOutcome('success', signIn(createStrategy()));
      const { method, path, headers, body } = seen[1] as SeenRequest;
      expect(`${method} ${path}`).to.equal('GET /irk/api/v1/me');
      expect(headers).to.include({
        authorization: `Bearer ${documentedTokens.access_token}`,
        accept: 'application/json',
      });
      expect(body).to.equal('');
    });
  });

  it('ends in the profile and tokens of the documentation', async () => {
    answerLogin();
    const { user } = await expectOutcome('success', signIn(createStrategy()));
    const { profile, tokens } = user as { profile: object; tokens: object };
    expect(profile).to.include({ provider: 'metafy', id: documentedProfile.user.id, username: 'ada-coach' });
    expect(tokens).to.include({
      accessToken: documentedTokens.access_token,
      refreshToken: documentedTokens.refresh_token,
    });
    expect(tokens).to.have.property('raw').that.deep.equals(documentedTokens);
  });
});
