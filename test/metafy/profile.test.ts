import { expect } from 'chai';
import nock from 'nock';
import { resolveClient } from '../../src/metafy/client';
import { fetchProfile, parseProfile } from '../../src/metafy/profile';
import { expectError } from '../support/caught';
import { clientOptions } from '../support/client-options';
import { documentedProfile, useNock } from '../support/nock-metafy';

const id = 'a1b2';
const nulls = { slug: null, name: null, email: null, avatar_url: null, profile_url: null, url: null };
const wrongTypes = { slug: 42, name: { first: 'Ada' }, email: ['a@example.com'], avatar_url: '', profile_url: true };

// biome-ignore format: a table
const answers: [what: string, answer: object, profile: object][] = [
  ['what is seen in production', documentedProfile, {
    id: documentedProfile.user.id,
    username: 'ada-coach',
    displayName: 'Ada Coach',
    emails: [{ value: 'ada@example.com' }],
    photos: [{ value: 'https://cdn.example/ada.png' }],
  }],
  ['a user without its wrapper', { id, slug: 'ada', name: 'Ada' }, { id, username: 'ada', displayName: 'Ada' }],
  ['an id alone', { user: { id } }, { id }],
  ['nulls', { user: { id, ...nulls } }, { id }],
  ['fields of other types', { user: { id, ...wrongTypes } }, { id }],
  ['fields that are not known', { user: { id, provider: 'another', roles: ['coach'] }, meta: { version: 2 } }, { id }],
  ['a `user` that is no object', { id, user: 'ada' }, { id }],
  ['an id that is a number', { user: { id: 9007199254740991 } }, { id: '9007199254740991' }],
  ['the id 0', { user: { id: 0 } }, { id: '0' }],
  ['any characters', { user: { id: 'ünï-✓', name: 'アダ 👩‍🏫' } }, { id: 'ünï-✓', displayName: 'アダ 👩‍🏫' }],
  ['the URL of the profile', { user: { id, profile_url: 'https://metafy.gg/@ada', url: 'https://a.example' } },
    { id, profileUrl: 'https://metafy.gg/@ada' }],
  ['a script for a URL', { user: { id, profile_url: 'javascript:alert(1)//https://a.example', url: 'HTTP://metafy.gg/@ada' } },
    { id, profileUrl: 'HTTP://metafy.gg/@ada' }],
];

describe('parseProfile', () => {
  for (const [what, answer, profile] of answers) {
    it(`reads ${what}`, () => {
      const body = JSON.stringify(answer);
      expect(parseProfile(body)).to.deep.equal({ provider: 'metafy', ...profile, _raw: body, _json: answer });
    });
  }

  it('finds no user in anything else, and shows nothing of it', async () => {
    const ids = ['null', '""', 'true', '{}', '1.5', '9007199254740993', '1e400'];
    for (const body of [
      ...['', '{}', '[{"id":"a"}]', '<html>', '{"user":{}}', '{"user":null}'],
      '{"id":"of the wrapper","user":{"slug":"canary"}}',
      ...ids.map((badID) => `{"user":{"id":${badID}}}`),
    ]) {
      const badBody = { code: 'bad_body', status: 502, upstreamStatus: 200 };
      const { message } = await expectError(() => parseProfile(body, 200), badBody);
      expect(message).not.to.include('canary');
    }
  });

  it('is not confused by `__proto__`', () => {
    const body = '{"user":{"id":"a","__proto__":{"slug":"planted"}}}';
    expect(parseProfile(body)).not.to.have.property('username');
  });
});

describe('fetchProfile', () => {
  useNock();

  it('asks /v1/me with the access token, and again after a fault', async () => {
    nock('https://metafy.gg', { reqheaders: { authorization: 'Bearer the-token' } })
      .get('/irk/api/v1/me')
      .reply(502)
      .get('/irk/api/v1/me')
      .reply(200, documentedProfile);
    expect(await fetchProfile(resolveClient(clientOptions), 'the-token')).to.include({ id: documentedProfile.user.id });
  });
});
