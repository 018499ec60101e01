import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { createChallenge, DemoApplication, readTokens, type TokenResponse } from './support/application';
import { findForm, PageVisitor } from './support/page-visitor';
import { expectRecorded, readRecordedAnswers } from './support/recorded-answers';

const ADA = {
  id: '3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41',
  name: 'Ada Coach',
  slug: 'ada-coach',
  email: 'ada@example.com',
  avatar_url: 'https://cdn.example/a.png',
  partner: false,
};
const REDIRECT_URI = 'http://127.0.0.1:3000/auth/metafy/callback';
const FIRST = { client_id: 'metafy-demo', client_secret: 'metafy-demo-secret' };
const SECOND = { client_id: 'other', client_secret: 'o/t+h:e r' };

/** The recorded rows that are not played, and why not. */
const NOT_PLAYED: Record<string, string> = {
  A36_multipart: 'No application is known to send multipart/form-data; the emulator reads JSON and forms.',
  Z23_form_post_mode: 'No application is known to ask for response_mode=form_post; the page says so.',
  V27_refresh_after_revoking_expired:
    'Doorkeeper ignores the revocation of a pair whose access token has expired; Metafy documents that every token of the authorization is revoked.',
  V30_old_access:
    'Doorkeeper keeps the pair before the revoked one; Metafy documents that every token of the authorization is revoked.',
  V31_old_refresh: 'As V30.',
};

describe('the emulator and a recorded Doorkeeper', () => {
  const recorded = readRecordedAnswers();
  const played: string[] = [];
  const emulator = new MetafyEmulator({
    users: [ADA],
    // As the version that was recorded.
    insufficientScopeHeader: false,
    applications: [
      {
        clientID: FIRST.client_id,
        clientSecret: FIRST.client_secret,
        name: 'First',
        redirectURIs: [REDIRECT_URI],
      },
      {
        clientID: SECOND.client_id,
        clientSecret: SECOND.client_secret,
        name: 'Second',
        redirectURIs: [REDIRECT_URI],
      },
    ],
  });
  const first = new DemoApplication(emulator);

  before(() => emulator.start());
  after(() => emulator.stop());

  /** The tokens that rows were answered with. */
  const kept = new Map<string, TokenResponse>();
  const accessToken = (name: string): string => kept.get(name)?.access_token ?? '';
  const refreshToken = (name: string): string => kept.get(name)?.refresh_token ?? '';
  const signIn = async (name: string): Promise<TokenResponse> => {
    const tokens = await first.signIn();
    kept.set(name, tokens);
    return tokens;
  };

  /** Plays one row: what `request` returns must be the recorded answer. */
  function row(name: string, request: () => Promise<Response>): void {
    played.push(name);
    it(name, async () => expectRecorded(await request(), recorded.get(name)));
  }

  /** Plays one row, and keeps the tokens it was answered with. */
  function keep(tokensName: string, name: string, request: () => Promise<Response>): void {
    row(name, async () => {
      const response = await request();
      kept.set(tokensName, await readTokens(response.clone()));
      return response;
    });
  }

  const post = (path: string, init: RequestInit): Promise<Response> =>
    fetch(emulator.url + path, { method: 'POST', ...init });
  const postForm = (
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> => post(path, { body: new URLSearchParams(fields), headers });
  const postJSON = (path: string, value: object, headers: Record<string, string> = {}): Promise<Response> =>
    post(path, { body: JSON.stringify(value), headers: { 'Content-Type': 'application/json', ...headers } });
  const basic = (id: string, secret: string): Record<string, string> => ({
    Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });
  const firstBasic = basic(FIRST.client_id, FIRST.client_secret);
  const grantOf = (code: string): Record<string, string> => ({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
  });
  const refreshOf = (token: string): Record<string, string> => ({
    grant_type: 'refresh_token',
    refresh_token: token,
  });
  const me = (token: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${emulator.url}/irk/api/v1/me`, { headers: { Authorization: `Bearer ${token}`, ...headers } });

  const TOKEN = '/irk/oauth/token';
  const REVOKE = '/irk/oauth/revoke';

  describe('exchanging a code', () => {
    let code: string;

    row('A01_exchange_form', async () => first.redeem(await first.getCode()));
    row('A02_exchange_form_scopes', async () => first.redeem(await first.getCode({ scope: 'profile community' })));
    row('A03_exchange_json', async () => postJSON(TOKEN, { ...FIRST, ...grantOf(await first.getCode()) }));
    row('A04_exchange_basic', async () => postForm(TOKEN, grantOf(await first.getCode()), firstBasic));
    row('A05_exchange_json_basic', async () => postJSON(TOKEN, grantOf(await first.getCode()), firstBasic));
    row('A06_wrong_code', () => first.redeem('wrong'));
    row('A07_missing_code', () =>
      postForm(TOKEN, { ...FIRST, grant_type: 'authorization_code', redirect_uri: REDIRECT_URI }),
    );
    keep('tokens', 'A08_reuse_first', async () => {
      code = await first.getCode();
      return first.redeem(code);
    });
    row('A09_reuse_second', () => first.redeem(code));
    row('A10_reuse_then_first_access_token', () => me(accessToken('tokens')));
    row('A11_reuse_then_first_refresh_token', () => first.refresh(refreshToken('tokens')));
    row('A12_wrong_redirect_uri', async () =>
      first.redeem(await first.getCode(), { redirect_uri: `${REDIRECT_URI}/x` }),
    );
    row('A13_missing_redirect_uri', async () => {
      code = await first.getCode();
      return postForm(TOKEN, { ...FIRST, grant_type: 'authorization_code', code });
    });
    row('A14_same_code_after_missing_redirect_uri', () => first.redeem(code));
    row('A15_wrong_secret', async () => {
      code = await first.getCode();
      return first.redeem(code, { client_secret: 'wrong' });
    });
    row('A16_same_code_after_wrong_secret', () => first.redeem(code));
    row('A17_wrong_secret_basic', async () =>
      postForm(TOKEN, grantOf(await first.getCode()), basic(FIRST.client_id, 'wrong')),
    );
    row('A18_missing_secret', async () =>
      postForm(TOKEN, { client_id: FIRST.client_id, ...grantOf(await first.getCode()) }),
    );
    row('A19_unknown_client', async () => first.redeem(await first.getCode(), { client_id: 'unknown' }));
    row('A20_no_client', async () => postForm(TOKEN, grantOf(await first.getCode())));
    row('A21_code_of_another_client', async () => first.redeem(await first.getCode(), SECOND));
    row('A22_basic_percent_encoded', async () => {
      const code = await first.getCode({ client_id: SECOND.client_id });
      return postForm(TOKEN, grantOf(code), basic(SECOND.client_id, encodeURIComponent(SECOND.client_secret)));
    });
    row('A23_missing_grant_type', async () =>
      postForm(TOKEN, { ...FIRST, code: await first.getCode(), redirect_uri: REDIRECT_URI }),
    );
    row('A24_unsupported_grant_type', () => first.requestTokens({ grant_type: 'urn:example:magic' }));
    row('A25_password_grant', () => first.requestTokens({ grant_type: 'password', username: 'ada', password: 'x' }));
    row('A26_empty_post', () => post(TOKEN, {}));
    row('A27_malformed_json', () =>
      post(TOKEN, { body: '{"grant_type":', headers: { 'Content-Type': 'application/json' } }),
    );
    row('A28_malformed_json_accept_json', () =>
      post(TOKEN, {
        body: '{"grant_type":',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      }),
    );
    row('A29_get_token', () => fetch(emulator.url + TOKEN));
    row('A30_get_token_accept_json', () => fetch(emulator.url + TOKEN, { headers: { Accept: 'application/json' } }));
    row('A31_expired_code', async () => {
      const code = await first.getCode();
      emulator.expire(code);
      return first.redeem(code);
    });
    row('A32_error_with_state', () => first.redeem('wrong', { state: 'st' }));
    row('A33_query_parameters', async () =>
      post(`${TOKEN}?${new URLSearchParams({ ...FIRST, ...grantOf(await first.getCode()) })}`, {}),
    );
    row('A34_basic_and_body', async () => postForm(TOKEN, { ...FIRST, ...grantOf(await first.getCode()) }, firstBasic));
    row('A35_text_plain', async () => {
      const body = new URLSearchParams({ ...FIRST, ...grantOf(await first.getCode()) });
      return post(TOKEN, { body: body.toString(), headers: { 'Content-Type': 'text/plain' } });
    });
  });

  describe('PKCE', () => {
    const { verifier, challenge } = createChallenge();
    const s256 = { code_challenge: challenge, code_challenge_method: 'S256' };
    const plain = { code_challenge: verifier, code_challenge_method: 'plain' };
    let code: string;

    row('P01_right_verifier', async () => first.redeem(await first.getCode(s256), { code_verifier: verifier }));
    row('P02_wrong_verifier', async () => {
      code = await first.getCode(s256);
      return first.redeem(code, { code_verifier: `${verifier}x` });
    });
    row('P03_same_code_right_verifier', () => first.redeem(code, { code_verifier: verifier }));
    row('P04_missing_verifier', async () => first.redeem(await first.getCode(s256)));
    row('P05_verifier_without_challenge', async () => first.redeem(await first.getCode(), { code_verifier: verifier }));
    row('P06_plain_right', async () => first.redeem(await first.getCode(plain), { code_verifier: verifier }));
    row('P07_authorize_challenge_without_method', () => fetch(first.authorizationURL({ code_challenge: challenge })));
    row('P08_authorize_bad_method', () => fetch(first.authorizationURL({ ...s256, code_challenge_method: 'S512' })));
  });

  describe('refreshing', () => {
    let concurrent: Promise<Response>;
    const signedIn = async (): Promise<string> => (await first.signIn()).refresh_token;

    keep('old', 'R01_login', async () => first.redeem(await first.getCode({ scope: 'profile community' })));
    keep('one', 'R02_refresh', () => first.refresh(refreshToken('old')));
    row('R03_old_access_token_after_refresh', () => me(accessToken('old')));
    keep('two', 'R04_old_refresh_token_again_before_new_use', () => first.refresh(refreshToken('old')));
    row('R05_first_new_access_token', () => me(accessToken('one')));
    row('R06_old_access_token_after_new_use', () => me(accessToken('old')));
    row('R07_old_refresh_token_after_new_use', () => first.refresh(refreshToken('old')));
    row('R08_second_new_access_token', () => me(accessToken('two')));
    row('R09_first_new_refresh_token', () => first.refresh(refreshToken('one')));
    row('R10_second_new_refresh_token', () => first.refresh(refreshToken('two')));
    row('R11_bogus', () => first.refresh('bogus'));
    row('R12_empty', () => first.refresh(''));
    row('R13_missing', () => first.requestTokens({ grant_type: 'refresh_token' }));
    row('R14_wrong_secret', async () => first.refresh(await signedIn(), { client_secret: 'wrong' }));
    row('R15_no_client', async () => postForm(TOKEN, refreshOf(await signedIn())));
    row('R16_other_client', async () => first.refresh(await signedIn(), SECOND));
    row('R17_unknown_client', async () => first.refresh(await signedIn(), { client_id: 'unknown' }));
    row('R18_basic', async () => postForm(TOKEN, refreshOf(await signedIn()), firstBasic));
    row('R19_json', async () => postJSON(TOKEN, { ...FIRST, ...refreshOf(await signedIn()) }));
    keep('old', 'R20_login_two_scopes', async () => first.redeem(await first.getCode({ scope: 'profile community' })));
    keep('narrow', 'R21_narrower_scope', () => first.refresh(refreshToken('old'), { scope: 'profile' }));
    row('R22_widen_again', () => first.refresh(refreshToken('narrow'), { scope: 'profile community' }));
    row('R23_wider_scope', async () => first.refresh(await signedIn(), { scope: 'profile community' }));
    row('R24_access_token_as_refresh_token', async () => first.refresh((await first.signIn()).access_token));
    keep('one', 'R25_refresh_after_expiry', async () => {
      await signIn('old');
      emulator.expire(accessToken('old'));
      return first.refresh(refreshToken('old'));
    });
    row('R26_new_access_token_after_expiry', () => me(accessToken('one')));
    keep('old', 'R30_login', async () => first.redeem(await first.getCode()));
    keep('one', 'R31_concurrent_1', () => {
      const answers = [first.refresh(refreshToken('old')), first.refresh(refreshToken('old'))] as const;
      [, concurrent] = answers;
      return answers[0];
    });
    keep('two', 'R31_concurrent_2', () => concurrent);
    row('R32_concurrent_access_token_1', () => me(accessToken('one')));
    row('R33_concurrent_access_token_2', () => me(accessToken('two')));
    row('R34_concurrent_refresh_token_1', () => first.refresh(refreshToken('one')));
    row('R35_concurrent_refresh_token_2', () => first.refresh(refreshToken('two')));
  });

  describe('client credentials', () => {
    const request = (parameters: Record<string, string> = {}): Promise<Response> =>
      first.requestTokens({ grant_type: 'client_credentials', ...parameters });

    keep('tokens', 'C01_success', () => request());
    row('C02_me_with_client_token', () => me(accessToken('tokens')));
    keep('tokens', 'C03_scope', () => request({ scope: 'products' }));
    row('C04_me_without_profile_scope', () => me(accessToken('tokens')));
    row('C05_invalid_scope', () => request({ scope: 'admin' }));
    row('C06_wrong_secret', () => request({ client_secret: 'wrong' }));
    row('C07_basic', () => postForm(TOKEN, { grant_type: 'client_credentials' }, firstBasic));
    row('C08_no_client', () => postForm(TOKEN, { grant_type: 'client_credentials' }));
    row('C09_two_scopes', () => request({ scope: 'profile products' }));
    row('C10_comma_scopes', () => request({ scope: 'profile,products' }));
  });

  describe('revoking', () => {
    row('V01_revoke_access', async () => first.revoke((await signIn('tokens')).access_token));
    row('V02_access_after', () => me(accessToken('tokens')));
    row('V03_refresh_after', () => first.refresh(refreshToken('tokens')));
    row('V04_revoke_refresh', async () => first.revoke((await signIn('tokens')).refresh_token));
    row('V05_access_after', () => me(accessToken('tokens')));
    row('V06_refresh_after', () => first.refresh(refreshToken('tokens')));
    row('V07_revoke_again', () => first.revoke(refreshToken('tokens')));
    row('V08_revoke_unknown', () => first.revoke('unknown'));
    row('V09_revoke_no_token', () => postForm(REVOKE, FIRST));
    row('V10_revoke_wrong_secret', async () =>
      first.revoke((await signIn('tokens')).access_token, { client_secret: 'wrong' }),
    );
    row('V11_revoke_no_client', () => postForm(REVOKE, { token: accessToken('tokens') }));
    row('V12_revoke_other_client', () => first.revoke(accessToken('tokens'), SECOND));
    row('V13_access_still_valid', () => me(accessToken('tokens')));
    row('V14_revoke_bearer_only', () =>
      postForm(REVOKE, { token: accessToken('tokens') }, { Authorization: `Bearer ${accessToken('tokens')}` }),
    );
    row('V15_revoke_basic', () => postForm(REVOKE, { token: accessToken('tokens') }, firstBasic));
    row('V16_access_after_basic', () => me(accessToken('tokens')));
    row('V17_revoke_json', async () => postJSON(REVOKE, { ...FIRST, token: (await signIn('tokens')).access_token }));
    row('V18_access_after_json', () => me(accessToken('tokens')));
    row('V19_revoke_hint_refresh', async () =>
      first.revoke((await signIn('tokens')).refresh_token, { token_type_hint: 'refresh_token' }),
    );
    row('V20_access_after_hint', () => me(accessToken('tokens')));
    row('V21_revoke_wrong_hint', async () =>
      first.revoke((await signIn('tokens')).access_token, { token_type_hint: 'refresh_token' }),
    );
    row('V22_access_after_wrong_hint', () => me(accessToken('tokens')));
    row('V23_revoke_second_session', async () => {
      await signIn('tokens');
      await signIn('second');
      return first.revoke(accessToken('second'));
    });
    row('V24_first_session_access', () => me(accessToken('tokens')));
    row('V25_first_session_refresh', () => first.refresh(refreshToken('tokens')));
    row('V26_revoke_refresh_of_expired', async () => {
      await signIn('tokens');
      emulator.expire(accessToken('tokens'));
      return first.revoke(refreshToken('tokens'));
    });
    keep('second', 'V28_refresh', async () => first.refresh((await signIn('tokens')).refresh_token));
    row('V29_revoke_new_access', () => first.revoke(accessToken('second')));
  });

  describe('/v1/me', () => {
    const get = (query: string): Promise<Response> => fetch(`${emulator.url}/irk/api/v1/me${query}`);

    row('M01_valid', async () => {
      await signIn('tokens');
      return me(accessToken('tokens'));
    });
    row('M02_access_token_query', () => get(`?access_token=${accessToken('tokens')}`));
    row('M03_bearer_token_query', () => get(`?bearer_token=${accessToken('tokens')}`));
    row('M04_lowercase_scheme', () => me('', { Authorization: `bearer ${accessToken('tokens')}` }));
    row('M05_no_token', () => get(''));
    row('M06_unknown_token', () => me('unknown'));
    row('M07_refresh_token_as_bearer', () => me(refreshToken('tokens')));
    row('M08_expired', () => {
      emulator.expire(accessToken('tokens'));
      return me(accessToken('tokens'));
    });
    row('M09_revoked', async () => {
      const { access_token } = await signIn('revoked');
      await first.revoke(access_token);
      return me(access_token);
    });
    keep('tokens', 'M10_login_community', async () => first.redeem(await first.getCode({ scope: 'community' })));
    row('M11_without_profile_scope', () => me(accessToken('tokens')));
    row('M12_without_profile_accept_json', () => me(accessToken('tokens'), { Accept: 'application/json' }));
  });

  describe('the authorize page', () => {
    const query = (parameters: Record<string, string | undefined>): string => first.authorizationURL(parameters);
    const raw = (scope: string): string => `${query({ scope: undefined })}&scope=${scope}`;
    const open = (url: string, headers: Record<string, string> = {}): Promise<Response> => fetch(url, { headers });
    const decide = (url: string, decision: 'allow' | 'deny' = 'allow'): Promise<Response> =>
      new PageVisitor(emulator.url).decide(url, ADA.id, decision);
    const redeemed = async (callback: Response | undefined): Promise<Response> => {
      const location = new URL(callback?.headers.get('location') ?? '');
      return first.redeem(location.searchParams.get('code') ?? '');
    };
    let callback: Response | undefined;
    const keepCallback = async (response: Promise<Response>): Promise<Response> => {
      callback = await response;
      return callback;
    };
    let visitor: PageVisitor;
    let page: string;

    row('Z01_ok', () => decide(query({ state: 's t+1' })));
    row('Z02_ok_no_state', () => decide(query({})));
    row('Z03_denied', () => decide(query({ state: 's t+1' }), 'deny'));
    row('Z04_denied_no_state', () => decide(query({}), 'deny'));
    row('Z05_invalid_scope', () => open(query({ scope: 'admin' })));
    row('Z06_bad_redirect_uri', () => open(query({ redirect_uri: 'http://evil.example/callback' })));
    row('Z07_missing_redirect_uri', () => open(query({ redirect_uri: undefined })));
    row('Z08_unknown_client', () => open(query({ client_id: 'unknown' })));
    row('Z09_missing_client', () => open(query({ client_id: undefined })));
    row('Z10_bad_response_type', () => open(query({ response_type: 'token' })));
    row('Z11_missing_response_type', () => open(query({ response_type: undefined })));
    row('Z12_scope_plus', () => keepCallback(decide(raw('profile+community'))));
    row('Z13_scope_plus_token', () => redeemed(callback));
    row('Z14_scope_pct20', () => keepCallback(decide(raw('profile%20community'))));
    row('Z15_scope_pct20_token', () => redeemed(callback));
    row('Z16_scope_pct2b', () => open(raw('profile%2Bcommunity')));
    row('Z17_scope_comma', () => open(raw('profile,community')));
    row('Z18_scope_order_and_repeat', async () => redeemed(await decide(raw('community%20profile%20community'))));
    row('Z19_scope_empty', async () => redeemed(await decide(raw(''))));
    row('Z20_invalid_scope_accept_json', () => open(query({ scope: 'admin' }), { Accept: 'application/json' }));
    row('Z21_redirect_uri_extra_query', () => decide(query({ redirect_uri: `${REDIRECT_URI}?foo=1`, state: 'st' })));
    row('Z22_fragment_mode', () => decide(query({ response_mode: 'fragment', state: 'st' })));
    row('Z24_other_port', () => decide(query({ redirect_uri: REDIRECT_URI.replace('3000', '3999'), state: 'st' })));
    row('Z30_consent_page', async () => {
      visitor = new PageVisitor(emulator.url);
      const response = await visitor.openConsent(query({ state: 'st' }), ADA.id);
      page = await response.clone().text();
      return response;
    });
    row('Z31_consent_denied', () => visitor.post(findForm(page, '/auth/authorize'), { _method: 'delete' }));
    row('Z32_consent_granted', () => visitor.post(findForm(page, '/auth/authorize')));
    row('Z33_consent_no_csrf', () => visitor.post(findForm(page, '/auth/authorize'), { authenticity_token: '' }));
  });

  it('plays every recorded row once, or says why not', () => {
    expect(recorded.size).to.equal(158);
    expect([...played, ...Object.keys(NOT_PLAYED)].sort()).to.deep.equal([...recorded.keys()].sort());
  });
});
