import { expect } from 'chai';
import fc from 'fast-check';
import { AuthorizationError } from 'passport-oauth2';
import { MetafyResponseError } from '../../src';
import { readRefusal } from '../../src/authorization-refusal';
import { MalformedCallback, readCallbackParameters } from '../../src/callback-parameters';
import { parseProfile } from '../../src/profile';
import { parseBearerChallenge, parseRetryAfter } from '../../src/response-error';
import { check, fuzzTimeoutMs } from './support/check';
import { hostileText } from './support/hostile-text';
import { anyJSON } from './support/stored-tokens';
import { accessToken, challenges, profiles, retryAfters } from './support/upstream-answers';

const knownFields = [
  'provider',
  'id',
  'username',
  'displayName',
  'profileUrl',
  'emails',
  'photos',
  '_raw',
  '_json',
];

describe('what parses foreign text', function () {
  this.timeout(fuzzTimeoutMs);

  it('reads any profile as a profile with sane fields, or refuses it', () =>
    check(
      10_000,
      fc.property(
        fc.oneof(
          profiles.map((json) => JSON.stringify(json)),
          hostileText,
        ),
        (body) => {
          const profile = attempt(() => parseProfile(body, 200), MetafyResponseError);
          if (!profile) return;
          expect(knownFields).to.include.members(Object.keys(profile));
          expect(profile.id).to.be.a('string').and.not.equal('');
          for (const value of [profile.username, profile.displayName, profile.emails?.[0].value]) {
            if (value !== undefined) expect(value).to.be.a('string').and.not.equal('');
          }
          if (profile.profileUrl !== undefined) expect(profile.profileUrl).to.match(/^https?:\/\//i);
        },
      ),
    ));

  it('reads any `WWW-Authenticate` as an OAuth error of printable text without the token, or not at all', () =>
    check(
      10_000,
      fc.property(fc.oneof(challenges, hostileText), (header) => {
        const refusal = parseBearerChallenge(header, [accessToken]);
        if (!refusal) return;
        expect(refusal.code).to.match(/^[\x21-\x7e]{1,100}$/);
        expect(refusal.description ?? '').not.to.match(/\p{Cc}/u);
        expect(`${refusal.code} ${refusal.description}`).not.to.include(accessToken);
        expect((refusal.description ?? '').length).to.be.at.most(500);
      }),
    ));

  it('reads any `Retry-After` as milliseconds, or not at all', () =>
    check(
      10_000,
      fc.property(fc.oneof(retryAfters, hostileText), (header) => {
        const waitMs = parseRetryAfter(header);
        if (waitMs !== undefined) expect(waitMs >= 0 && Number.isFinite(waitMs)).to.equal(true);
      }),
    ));

  it('reads any query and body of a callback as single strings of sane length, or refuses them', () => {
    const values = fc.dictionary(
      fc.oneof(fc.constantFrom('code', 'state', 'error', 'error_description', 'code[]'), hostileText),
      fc.oneof(hostileText, anyJSON),
    );
    return check(
      10_000,
      fc.property(
        fc.option(values, { nil: undefined }),
        fc.oneof(values, anyJSON),
        hostileText,
        (query, body, url) => {
          const callback = readCallbackParameters({ query, body, url });
          if (!callback || callback instanceof MalformedCallback) return;
          for (const value of Object.values(callback)) {
            expect(value).to.be.a('string');
            expect(value.length).to.be.at.most(4096);
            expect(value).not.to.match(/\p{Cc}/u);
          }
          expect(callback.code ?? callback.error)
            .to.be.a('string')
            .and.not.equal('');
          const refusal = attempt(() => readRefusal(callback), AuthorizationError);
          if (refusal) expect([undefined, 400]).to.include(refusal.status);
        },
      ),
    );
  });
});

/** What `action` returns; `undefined` when it throws an error of this class, and no other is let through. */
function attempt<Result>(action: () => Result, errorClass: new (...parameters: never[]) => Error) {
  try {
    return action();
  } catch (error) {
    if (error instanceof errorClass) return undefined;
    throw error;
  }
}
