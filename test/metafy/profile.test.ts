import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { MetafyResponseError } from '../src/errors';
import { parseProfile } from '../src/profile';
import { caught } from './support/caught';

/** An answer of Metafy, and the profile without `_raw` and `_json`. */
interface Fixture {
  answer: object;
  profile: object;
}

const directory = join(__dirname, 'fixtures', 'profiles');

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
    'null',
    '[]',
    '[{"id":"a"}]',
    '"a"',
    '<html>',
    '{"user":{}}',
    '{"user":null}',
    '{"id":"of the wrapper","user":{"slug":"ada"}}',
    '{"user":{"id":null}}',
    '{"user":{"id":""}}',
    '{"user":{"id":true}}',
    '{"user":{"id":{}}}',
    '{"user":{"id":1.5}}',
    '{"user":{"id":9007199254740993}}',
    '{"user":{"id":1e400}}',
  ]) {
    it(`finds no user in ${body || 'an empty body'}`, async () => {
      const error = await caught<MetafyResponseError>(() => parseProfile(body));
      expect(error).to.be.instanceOf(MetafyResponseError);
      expect(error).to.include({ code: 'bad_body', status: 502 });
      expect(error.message).to.include('`id`');
    });
  }

  it('shows nothing of an unusable body', async () => {
    const { message } = await caught(() => parseProfile('{"user":{"email":"canary@example.com"}}'));
    expect(message).not.to.include('canary');
  });

  it('is not confused by `__proto__`', () => {
    const body = '{"user":{"id":"a","__proto__":{"slug":"planted"}}}';
    expect(parseProfile(body)).not.to.have.property('username');
  });
});
