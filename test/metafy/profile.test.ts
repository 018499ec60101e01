import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import nock from 'nock';
import { MetafyResponseError } from '../../src/errors';
import { resolveClient } from '../../src/metafy/client';
import { fetchProfile, parseProfile } from '../../src/metafy/profile';
import { caught } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { documentedProfile, useNock } from '../support/nock-metafy';

/** An answer of Metafy, and the profile without `_raw` and `_json`. */
interface Fixture {
  answer: object;
  profile: object;
}

const directory = join(__dirname, 'profiles');

describe('parseProfile', () => {
  for (const file of readdirSync(directory)) {
    const { answer, profile }: Fixture = JSON.parse(readFileSync(join(directory, file), 'utf8'));

    it(`reads ${file}`, () => {
      const body = JSON.stringify(answer);
      expect(parseProfile(body)).to.deep.equal({ ...profile, _raw: body, _json: answer });
    });
  }

  for (const body of [
    '',
    '{}',
    '[{"id":"a"}]',
    '<html>',
    '{"user":{}}',
    '{"user":null}',
    '{"id":"of the wrapper","user":{"slug":"canary"}}',
    ...['null', '""', 'true', '{}', '1.5', '9007199254740993', '1e400'].map((id) => `{"user":{"id":${id}}}`),
  ]) {
    it(`finds no user in ${body || 'an empty body'}, and shows nothing of it`, async () => {
      const error = await caught<MetafyResponseError>(() => parseProfile(body, 200));
      expect(error).to.be.instanceOf(MetafyResponseError);
      expect(error).to.include({ code: 'bad_body', status: 502, upstreamStatus: 200 });
      expect(error.message).to.include('`id`').and.not.include('canary');
    });
  }

  it('is not confused by `__proto__`', () => {
    const body = '{"user":{"id":"a","__proto__":{"slug":"planted"}}}';
    expect(parseProfile(body)).not.to.have.property('username');
  });
});

describe('fetchProfile', () => {
  useNock();

  it('asks /v1/me with the access token', async () => {
    const scope = nock('https://metafy.gg', { reqheaders: { authorization: 'Bearer the-token' } })
      .get('/irk/api/v1/me')
      .reply(200, documentedProfile);
    expect(await fetchProfile(resolveClient(clientOptions), 'the-token')).to.include({ id: documentedProfile.user.id });
    expect(scope.isDone()).to.equal(true);
  });
});
