/** The parameters of an authorization request with nothing special in it. */
export const asked = {
  client_id: 'client-id-of-the-tests',
  redirect_uri: 'https://app.example/cb',
  response_type: 'code',
  scope: 'profile',
};

/** Of its code exchange. */
export const posted = {
  grant_type: 'authorization_code',
  code: 'a-code',
  redirect_uri: asked.redirect_uri,
};

/** What a verify callback of four parameters receives at its end. */
export const verified = ['the-access-token', 'the-refresh-token', { id: 'of the subclass' }, '<callback>'];

export const proof = { code_challenge: '<proof>', code_challenge_method: 'S256' };
export const redirected = 'redirect /authorize';
export const signedIn = 'success {"id":"user-1"} {}';
export const unknownLogin =
  'fail {"message":"This sign-in was not started in this browser, took too long, or is already finished. Please sign in again."} 403';

/** Keeps logins in the session, as passport-oauth2 does with its two options, and under this key. */
export const inSession = { store: undefined, state: true, pkce: true };
export const sessionKey = 'oauth2:127.0.0.1';

/** Marked as handled, which passport-oauth2 does not do: otherwise the process would end. */
export function rejecting(): Promise<never> {
  const rejected = Promise.reject(new Error('a bug'));
  rejected.catch(() => undefined);
  return rejected;
}
