import { expect } from 'chai';
import { AuthorizationError } from 'passport-oauth2';
import { readRefusal } from '../src/authorization-refusal';
import { caught } from './support/caught';

describe('readRefusal', () => {
  it('finds none where there is no error', () => {
    expect(readRefusal({ code: 'a-code' })).to.equal(undefined);
  });

  it("tells the person's refusal, with Passport's own status", () => {
    expect(readRefusal({ error: 'access_denied', error_description: 'No, thanks' })).to.deep.equal({
      message: 'No, thanks',
    });
  });

  it('has a message where Metafy gave none', () => {
    for (const callback of [{ error: 'access_denied' }, { error: 'access_denied', error_description: '' }])
      expect(readRefusal(callback)?.message).to.include('access_denied');
  });

  it('is 400 for an error nobody knows, which is not a server fault', () => {
    expect(readRefusal({ error: 'whatever' })).to.include({ status: 400 });
  });

  it('prefers the error where there is a code as well', () => {
    expect(readRefusal({ code: 'a-code', error: 'access_denied' })).not.to.equal(undefined);
  });

  for (const [code, status] of [
    ['invalid_request', 500],
    ['unauthorized_client', 500],
    ['unsupported_response_type', 500],
    ['invalid_scope', 500],
    ['server_error', 502],
    ['temporarily_unavailable', 503],
  ] as const) {
    it(`throws passport-oauth2's AuthorizationError with ${status} for ${code}`, async () => {
      const callback = { error: code, error_description: 'Why', error_uri: 'https://metafy.gg/help' };
      const error = await caught(() => readRefusal(callback));
      expect(error).to.be.instanceOf(AuthorizationError);
      expect(error).to.include({ message: 'Why', code, status, uri: 'https://metafy.gg/help' });
    });
  }
});
