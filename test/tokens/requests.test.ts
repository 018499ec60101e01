import { expect } from 'chai';
import nock from 'nock';
import { MetafyClientCredentials, MetafyUserTokens, refreshTokens, revokeToken } from '../../src';
import { clientOptions } from '../support/client-options';
import { documentedTokens, useNock } from '../support/nock-metafy';

const credentials = { client_id: clientOptions.clientID, client_secret: clientOptions.clientSecret };

interface Sent {
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

/** Metafy answers once at this path; what it was sent is in `sent`. */
function answerOnce(path: string, answer: object): { sent: Sent | undefined } {
  const received: { sent: Sent | undefined } = { sent: undefined };
  nock('https://metafy.gg')
    .post(path)
    .reply(200, function (this: nock.ReplyFnContext, _uri, body) {
      received.sent = { body: body as Record<string, unknown>, headers: this.req.headers };
      return answer;
    });
  return received;
}

describe('the requests that Metafy documents', () => {
  useNock();

  const token = '/irk/oauth/token';
  const revoke = '/irk/oauth/revoke';
  const withoutRefreshToken = { ...documentedTokens, refresh_token: undefined };

  it('refreshes with exactly the documented body', async () => {
    const metafy = answerOnce(token, documentedTokens);
    await refreshTokens(clientOptions, 'the-old-one');
    expect(metafy.sent?.body).to.deep.equal({
      grant_type: 'refresh_token',
      refresh_token: 'the-old-one',
      ...credentials,
    });
  });

  it('refreshes with a narrower scope when asked to, separated by spaces', async () => {
    const metafy = answerOnce(token, documentedTokens);
    await refreshTokens(clientOptions, 'the-old-one', { scope: ['profile', 'community'] });
    expect(metafy.sent?.body).to.have.property('scope', 'profile community');
  });

  it('reads the documented answer of a refresh', async () => {
    const before = Date.now();
    answerOnce(token, documentedTokens);
    const tokens = await refreshTokens(clientOptions, 'the-old-one');
    const { expiresAt, ...others } = tokens;
    expect(others).to.deep.equal({
      accessToken: documentedTokens.access_token,
      refreshToken: documentedTokens.refresh_token,
      tokenType: 'Bearer',
      scope: ['profile'],
      raw: documentedTokens,
    });
    expect(expiresAt.getTime()).to.be.within(before + 7200_000, Date.now() + 7200_000);
  });

  it('asks for client credentials with exactly the documented body', async () => {
    const metafy = answerOnce(token, withoutRefreshToken);
    await new MetafyClientCredentials(clientOptions).getToken();
    expect(metafy.sent?.body).to.deep.equal({ grant_type: 'client_credentials', ...credentials });
  });

  for (const scope of ['profile community', ['profile', 'community']]) {
    it(`asks for client credentials of a scope that is ${typeof scope === 'string' ? 'text' : 'a list'}`, async () => {
      const metafy = answerOnce(token, withoutRefreshToken);
      await new MetafyClientCredentials({ ...clientOptions, scope }).getToken();
      expect(metafy.sent?.body).to.deep.equal({
        grant_type: 'client_credentials',
        scope: 'profile community',
        ...credentials,
      });
    });
  }

  it('reads the documented answer to client credentials', async () => {
    answerOnce(token, withoutRefreshToken);
    const tokens = await new MetafyClientCredentials(clientOptions).getToken();
    expect(tokens).to.include({ accessToken: documentedTokens.access_token, tokenType: 'Bearer' });
    expect(tokens.scope).to.deep.equal(['profile']);
    expect(tokens).not.to.have.property('refreshToken');
  });

  it('revokes with exactly the documented body', async () => {
    const metafy = answerOnce(revoke, {});
    expect(await revokeToken(clientOptions, 'the-token')).to.equal(undefined);
    expect(metafy.sent?.body).to.deep.equal({ token: 'the-token', ...credentials });
  });

  for (const tokenTypeHint of ['access_token', 'refresh_token'] as const) {
    it(`revokes with the hint ${tokenTypeHint} when asked to`, async () => {
      const metafy = answerOnce(revoke, {});
      await revokeToken(clientOptions, 'the-token', { tokenTypeHint });
      expect(metafy.sent?.body).to.deep.equal({
        token: 'the-token',
        token_type_hint: tokenTypeHint,
        ...credentials,
      });
    });
  }

  it('revokes the application owner’s token with exactly the documented body', async () => {
    answerOnce(token, withoutRefreshToken);
    const owner = new MetafyClientCredentials(clientOptions);
    const { accessToken } = await owner.getToken();
    const metafy = answerOnce(revoke, {});
    await owner.revoke();
    expect(metafy.sent?.body).to.deep.equal({
      token: accessToken,
      token_type_hint: 'access_token',
      ...credentials,
    });
  });

  it('refreshes and revokes a user’s tokens with exactly the documented bodies', async () => {
    const users = new MetafyUserTokens({ ...clientOptions, store: new Map() });
    answerOnce(token, documentedTokens);
    const tokens = await refreshTokens(clientOptions, 'the-oldest-one');
    await users.set('ada', { ...tokens, refreshToken: 'the-old-one', expiresAt: new Date(0) });
    const refresh = answerOnce(token, documentedTokens);
    await users.get('ada');
    const revocation = answerOnce(revoke, {});
    await users.revoke('ada');
    expect([refresh.sent?.body, revocation.sent?.body]).to.deep.equal([
      { grant_type: 'refresh_token', refresh_token: 'the-old-one', ...credentials },
      { token: documentedTokens.refresh_token, ...credentials },
    ]);
  });

  const flows: Record<string, [path: string, run: () => Promise<unknown>]> = {
    refresh: [token, () => refreshTokens(clientOptions, 'the-old-one')],
    'client credentials': [token, () => new MetafyClientCredentials(clientOptions).getToken()],
    revoke: [revoke, () => revokeToken(clientOptions, 'the-token')],
  };
  for (const [flow, [path, run]] of Object.entries(flows)) {
    it(`sends JSON and nothing in the Authorization header (${flow})`, async () => {
      const metafy = answerOnce(path, documentedTokens);
      await run();
      expect(metafy.sent?.headers).to.include({
        'content-type': 'application/json',
        accept: 'application/json',
      });
      expect(metafy.sent?.headers).not.to.have.property('authorization');
    });
  }
});
