import nock from 'nock';

// nock patches `node:http` as soon as it is loaded; only the tests that use it shall run on the patched one.
nock.restore();

/** Puts nock under the tests of a `describe`: nothing reaches the network, and every expectation must be met. */
export function useNock(): void {
  before(() => {
    nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    if (pending.length > 0) throw new Error(`never requested: ${pending.join(', ')}`);
  });
  after(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}

/** From Metafy's documentation. */
export const documentedTokens = {
  access_token: 'RC5Gz1cV0mQ2bWJ4yHn8uK7tLs3dPqXeAoYiFwT6rB9',
  token_type: 'Bearer',
  expires_in: 7200,
  refresh_token: 'xrnk5vQ1bT7yHs2LdWc8uJm3oPzXeKaYiFwN6rG9qV4',
  scope: 'profile',
  created_at: 1741231327,
};

export const documentedProfile = {
  user: {
    id: '3f2a6c1e-0b7d-4c55-9a1e-2f8d6b7c9e10',
    slug: 'ada-coach',
    name: 'Ada Coach',
    email: 'ada@example.com',
    avatar_url: 'https://cdn.example/ada.png',
    partner: false,
  },
};

type Answer = [status: number, body?: nock.Body, headers?: nock.ReplyHeaders];

/** The next token request gets this answer; the request's body arrives in the promise. */
export function answerToken(...[status, body, headers]: Answer): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    nock('https://metafy.gg')
      .post('/irk/oauth/token', (sent) => {
        resolve(sent);
        return true;
      })
      .reply(status, body, headers);
  });
}

export function answerProfile(...[status, body, headers]: Answer): nock.Scope {
  return nock('https://metafy.gg').get('/irk/api/v1/me').reply(status, body, headers);
}

/** One whole login succeeds. */
export function answerLogin(): Promise<Record<string, unknown>> {
  answerProfile(200, documentedProfile);
  return answerToken(200, documentedTokens);
}
