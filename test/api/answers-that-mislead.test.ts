import { expect } from 'chai';
import nock from 'nock';
import { MetafyAPI, MetafyCommunityAccess, MetafyResponseError } from '../../src';

const path = '/irk/api/v1/me/community/subscribers?page=1&per_page=100';

describe('answers that would mislead', () => {
  afterEach(() => nock.cleanAll());

  it('are no whole list: an empty page before the last', async () => {
    const meta = { pagination: { total_pages: Number.MAX_SAFE_INTEGER } };
    nock('https://metafy.gg').get(path).reply(200, { subscribers: [], meta });
    const error = await new MetafyAPI({ token: 'a-key' })
      .listSubscribers()
      .toArray()
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(MetafyResponseError).and.include({ code: 'bad_body' });
  });

  it('are not kept beyond their time: one that is dated far in the future', async () => {
    const client = { clientID: 'client', clientSecret: 'secret-of-the-client' };
    const tokens = { of: () => ({ getToken: () => Promise.reject(new Error('down')) }) };
    const checkedAtMs = Date.now() + 366 * 86_400_000;
    const store = { get: () => JSON.stringify({ hasAccess: true, checkedAtMs }), set: () => true, delete: () => true };
    const access = new MetafyCommunityAccess({ ...client, tokens, communityId: 'community', store });
    const error = await access.check('ada').catch((thrown: unknown) => thrown);
    expect(error).to.be.an('error').and.include({ message: 'down' });
  });
});
