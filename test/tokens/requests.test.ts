import nock from 'nock';
import { MetafyClientCredentials, refreshTokens, revokeToken } from '../../src';
import { clientOptions } from '../support/client-options';
import { documentedTokens, useNock } from '../support/nock-metafy';

const scope = ['profile', 'community'];
const refresh = (options = {}) => refreshTokens(clientOptions, 'the-old-one', options);
const refreshing = { grant_type: 'refresh_token', refresh_token: 'the-old-one' };
const getToken = (options = {}) => new MetafyClientCredentials({ ...clientOptions, ...options }).getToken();
const asOwner = { grant_type: 'client_credentials' };
const revoke = (options = {}) => revokeToken(clientOptions, 'the-token', options);
const revoking = { token: 'the-token' };

describe('the documented request is sent', () => {
  useNock();

  for (const [title, send, path, body] of [
    ['for a refresh', () => refresh(), 'token', refreshing],
    ['for a refresh with scopes', () => refresh({ scope }), 'token', { ...refreshing, scope: 'profile community' }],
    ['for client credentials', () => getToken(), 'token', asOwner],
    ['for them with scopes', () => getToken({ scope }), 'token', { ...asOwner, scope: 'profile community' }],
    ['for them with a scope', () => getToken({ scope: 'profile' }), 'token', { ...asOwner, scope: 'profile' }],
    ['for a revocation', () => revoke(), 'revoke', revoking],
    ...['access_token', 'refresh_token'].map((hint) => [
      `for a revocation with the hint ${hint}`,
      () => revoke({ tokenTypeHint: hint }),
      'revoke',
      { ...revoking, token_type_hint: hint },
    ]),
  ] as [string, () => Promise<unknown>, string, object][]) {
    it(title, async () => {
      const { clientID: client_id, clientSecret: client_secret } = clientOptions;
      const documented = { ...body, client_id, client_secret };
      nock('https://metafy.gg').post(`/irk/oauth/${path}`, documented).reply(200, documentedTokens);
      await send();
    });
  }
});
