import { expect } from 'chai';
import { MetafyUserTokens } from '../../src';
import { FaultServer } from './fault-server';
import { type Fault, faults } from './matrix';
import { accessToken, client, oldRefreshToken } from './right-answers';

const expired = {
  accessToken: 'canary-old-access-token',
  refreshToken: oldRefreshToken,
  tokenType: 'Bearer',
  scope: ['profile'],
  expiresAt: new Date(0),
  raw: { access_token: 'canary-old-access-token', token_type: 'Bearer' },
};

describe('MetafyUserTokens over an answer that can be read', () => {
  let server: FaultServer;
  beforeEach(async () => {
    server = await FaultServer.start();
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const isReadable = ({ outcomes }: Fault) => outcomes.refreshTokens === 'succeeds';
  for (const { title, injection } of faults.filter(isReadable)) {
    it(`stores and hands out the new tokens when Metafy ${title}`, async () => {
      const store = new Map<string, string>();
      const userTokens = new MetafyUserTokens({ ...client, baseURL: server.url, store });
      await userTokens.set('ada', expired);
      await server.inject(injection, server.url);
      expect(await userTokens.get('ada')).to.include({ accessToken });
      expect([...store.values()].join()).to.include(accessToken);
    });
  }
});
