import { expect } from 'chai';
import { MetafyEmulator } from '../../src/emulator';
import { createChallenge, DemoApplication, readTokens, type TokenResponse } from './support/application';
import { findForm, PageVisitor } from './support/page-visitor';
import { expectRecorded, readRecordedAnswers } from './support/recorded-answers';

const person = { id: '3f2a6c1e-9d84-4b57-8a10-6e5c7d2b9f41', name: 'Ada Coach', slug: 'ada-coach' };
const ada = { ...person, email: 'ada@example.com', avatar_url: 'https://cdn.example/a.png', partner: false };
const redirect_uri = 'http://127.0.0.1:3000/auth/metafy/callback';
const FIRST = { client_id: 'metafy-demo', client_secret: 'metafy-demo-secret' };
const SECOND = { client_id: 'other', client_secret: 'o/t+h:e r' };

type Fields = Record<string, string>;

/** The recorded rows that are not played, and why not. */
const NOT_PLAYED = new Map([
  ['A36_multipart', 'No application is known to send multipart/form-data; the emulator reads JSON and forms.'],
  ['Z23_form_post_mode', 'No application is known to ask for response_mode=form_post; the page says so.'],
  // Metafy documents that every token of the authorization is revoked: oauth/revoke-endpoint.test.ts.
  ['V27_refresh_after_revoking_expired', 'Doorkeeper ignores the revocation of a pair whose access token has expired.'],
  ['V30_old_access', 'Doorkeeper keeps the pair before the revoked one.'],
  ['V31_old_refresh', 'As V30.'],
]);

describe('the emulator and a recorded Doorkeeper', () => {
  const recorded = readRecordedAnswers();
  const played: string[] = [];
  const emulator = new MetafyEmulator({
    users: [ada],
    // As the version that was recorded.
    insufficientScopeHeader: false,
    applications: [FIRST, SECOND].map(({ client_id: clientID, client_secret: clientSecret }) => {
      return { clientID, clientSecret, name: clientID, redirectURIs: [redirect_uri] };
    }),
  });
  const first = new DemoApplication(emulator);

  before(() => emulator.start());
  after(() => emulator.stop());

  /** The tokens that rows were answered with, and the last code. */
  const kept = new Map<string, TokenResponse>();
  let code: string;
  const accessToken = (name = 'tokens'): string => kept.get(name)?.access_token ?? '';
  const refreshToken = (name = 'tokens'): string => kept.get(name)?.refresh_token ?? '';

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

  const TOKEN = '/irk/oauth/token';
  const REVOKE = '/irk/oauth/revoke';
  const json = { 'Content-Type': 'application/json' };
  const asJSON = { Accept: 'application/json' };
  const basic = (id: string, secret: string): Fields => ({
    Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });
  const firstBasic = basic(FIRST.client_id, FIRST.client_secret);

  const post = (path: string, body?: string | URLSearchParams, headers: Fields = {}): Promise<Response> =>
    fetch(emulator.url + path, { method: 'POST', body: body ?? null, headers });
  const postForm = (path: string, fields: Fields, headers?: Fields): Promise<Response> =>
    post(path, new URLSearchParams(fields), headers);
  const postJSON = (path: string, value: object, headers: Fields = {}): Promise<Response> =>
    post(path, JSON.stringify(value), { ...json, ...headers });
  const me = (token: string, headers: Fields = {}): Promise<Response> =>
    fetch(`${emulator.url}/irk/api/v1/me`, { headers: { Authorization: `Bearer ${token}`, ...headers } });

  async function signIn(name = 'tokens'): Promise<TokenResponse> {
    const tokens = await first.signIn();
    kept.set(name, tokens);
    return tokens;
  }
  /** The grant of a new code. */
  async function grant(authorization: Fields = {}): Promise<Fields> {
    code = await first.getCode(authorization);
    return { grant_type: 'authorization_code', code, redirect_uri };
  }
  /** The exchange of a new code. */
  const exchange = async (parameters: Fields = {}, authorization: Fields = {}): Promise<Response> =>
    first.requestTokens({ ...(await grant(authorization)), ...parameters });
  const refreshNew = async (parameters: Fields = {}): Promise<Response> =>
    first.refresh((await first.signIn()).refresh_token, parameters);

  describe('exchanging a code', () => {
    const withoutGrantType = async () => ({ ...FIRST, code: await first.getCode(), redirect_uri });
    const encoded = basic(SECOND.client_id, encodeURIComponent(SECOND.client_secret));
    const malformed = '{"grant_type":';

    row('A01_exchange_form', () => exchange());
    row('A02_exchange_form_scopes', () => exchange({}, { scope: 'profile community' }));
    row('A03_exchange_json', async () => postJSON(TOKEN, { ...FIRST, ...(await grant()) }));
    row('A04_exchange_basic', async () => postForm(TOKEN, await grant(), firstBasic));
    row('A05_exchange_json_basic', async () => postJSON(TOKEN, await grant(), firstBasic));
    row('A06_wrong_code', () => first.redeem('wrong'));
    row('A07_missing_code', () => first.requestTokens({ grant_type: 'authorization_code', redirect_uri }));
    keep('tokens', 'A08_reuse_first', () => exchange());
    row('A09_reuse_second', () => first.redeem(code));
    row('A10_reuse_then_first_access_token', () => me(accessToken()));
    row('A11_reuse_then_first_refresh_token', () => first.refresh(refreshToken()));
    row('A12_wrong_redirect_uri', () => exchange({ redirect_uri: `${redirect_uri}/x` }));
    row('A13_missing_redirect_uri', async () => {
      const { redirect_uri, ...others } = await grant();
      return first.requestTokens(others);
    });
    row('A14_same_code_after_missing_redirect_uri', () => first.redeem(code));
    row('A15_wrong_secret', () => exchange({ client_secret: 'wrong' }));
    row('A16_same_code_after_wrong_secret', () => first.redeem(code));
    row('A17_wrong_secret_basic', async () => postForm(TOKEN, await grant(), basic(FIRST.client_id, 'wrong')));
    row('A18_missing_secret', async () => postForm(TOKEN, { client_id: FIRST.client_id, ...(await grant()) }));
    row('A19_unknown_client', () => exchange({ client_id: 'unknown' }));
    row('A20_no_client', async () => postForm(TOKEN, await grant()));
    row('A21_code_of_another_client', () => exchange(SECOND));
    row('A22_basic_percent_encoded', async () =>
      postForm(TOKEN, await grant({ client_id: SECOND.client_id }), encoded),
    );
    row('A23_missing_grant_type', async () => postForm(TOKEN, await withoutGrantType()));
    row('A24_unsupported_grant_type', () => first.requestTokens({ grant_type: 'urn:example:magic' }));
    row('A25_password_grant', () => first.requestTokens({ grant_type: 'password', username: 'ada', password: 'x' }));
    row('A26_empty_post', () => post(TOKEN));
    row('A27_malformed_json', () => post(TOKEN, malformed, json));
    row('A28_malformed_json_accept_json', () => post(TOKEN, malformed, { ...json, ...asJSON }));
    row('A29_get_token', () => fetch(emulator.url + TOKEN));
    row('A30_get_token_accept_json', () => fetch(emulator.url + TOKEN, { headers: asJSON }));
    row('A31_expired_code', async () => {
      await grant();
      emulator.expire(code);
      return first.redeem(code);
    });
    row('A32_error_with_state', () => first.redeem('wrong', { state: 'st' }));
    row('A33_query_parameters', async () => post(`${TOKEN}?${new URLSearchParams({ ...FIRST, ...(await grant()) })}`));
    row('A34_basic_and_body', async () => postForm(TOKEN, { ...FIRST, ...(await grant()) }, firstBasic));
    row('A35_text_plain', async () => {
      const body = new URLSearchParams({ ...FIRST, ...(await grant()) }).toString();
      return post(TOKEN, body, { 'Content-Type': 'text/plain' });
    });
  });

  describe('PKCE', () => {
    const { verifier: code_verifier, challenge } = createChallenge();
    const s256 = { code_challenge: challenge, code_challenge_method: 'S256' };
    const plain = { code_challenge: code_verifier, code_challenge_method: 'plain' };

    row('P01_right_verifier', () => exchange({ code_verifier }, s256));
    row('P02_wrong_verifier', () => exchange({ code_verifier: `${code_verifier}x` }, s256));
    row('P03_same_code_right_verifier', () => first.redeem(code, { code_verifier }));
    row('P04_missing_verifier', () => exchange({}, s256));
    row('P05_verifier_without_challenge', () => exchange({ code_verifier }));
    row('P06_plain_right', () => exchange({ code_verifier }, plain));
    row('P07_authorize_challenge_without_method', () => fetch(first.authorizationURL({ code_challenge: challenge })));
    row('P08_authorize_bad_method', () => fetch(first.authorizationURL({ ...s256, code_challenge_method: 'S512' })));
  });

  describe('refreshing', () => {
    const scope = 'profile community';
    const newGrant = async () => ({ grant_type: 'refresh_token', refresh_token: (await first.signIn()).refresh_token });
    let concurrent: Promise<Response>;

    keep('old', 'R01_login', () => exchange({}, { scope }));
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
    row('R14_wrong_secret', () => refreshNew({ client_secret: 'wrong' }));
    row('R15_no_client', async () => postForm(TOKEN, await newGrant()));
    row('R16_other_client', () => refreshNew(SECOND));
    row('R17_unknown_client', () => refreshNew({ client_id: 'unknown' }));
    row('R18_basic', async () => postForm(TOKEN, await newGrant(), firstBasic));
    row('R19_json', async () => postJSON(TOKEN, { ...FIRST, ...(await newGrant()) }));
    keep('old', 'R20_login_two_scopes', () => exchange({}, { scope }));
    keep('narrow', 'R21_narrower_scope', () => first.refresh(refreshToken('old'), { scope: 'profile' }));
    row('R22_widen_again', () => first.refresh(refreshToken('narrow'), { scope }));
    row('R23_wider_scope', () => refreshNew({ scope }));
    row('R24_access_token_as_refresh_token', async () => first.refresh((await first.signIn()).access_token));
    keep('one', 'R25_refresh_after_expiry', async () => {
      const { access_token, refresh_token } = await first.signIn();
      emulator.expire(access_token);
      return first.refresh(refresh_token);
    });
    row('R26_new_access_token_after_expiry', () => me(accessToken('one')));
    keep('old', 'R30_login', () => exchange());
    keep('one', 'R31_concurrent_1', () => {
      const answer = first.refresh(refreshToken('old'));
      concurrent = first.refresh(refreshToken('old'));
      return answer;
    });
    keep('two', 'R31_concurrent_2', () => concurrent);
    row('R32_concurrent_access_token_1', () => me(accessToken('one')));
    row('R33_concurrent_access_token_2', () => me(accessToken('two')));
    row('R34_concurrent_refresh_token_1', () => first.refresh(refreshToken('one')));
    row('R35_concurrent_refresh_token_2', () => first.refresh(refreshToken('two')));
  });

  describe('client credentials', () => {
    const grant_type = 'client_credentials';

    keep('tokens', 'C01_success', () => first.requestTokens({ grant_type }));
    row('C02_me_with_client_token', () => me(accessToken()));
    keep('tokens', 'C03_scope', () => first.requestTokens({ grant_type, scope: 'products' }));
    row('C04_me_without_profile_scope', () => me(accessToken()));
    row('C05_invalid_scope', () => first.requestTokens({ grant_type, scope: 'admin' }));
    row('C06_wrong_secret', () => first.requestTokens({ grant_type, client_secret: 'wrong' }));
    row('C07_basic', () => postForm(TOKEN, { grant_type }, firstBasic));
    row('C08_no_client', () => postForm(TOKEN, { grant_type }));
    row('C09_two_scopes', () => first.requestTokens({ grant_type, scope: 'profile products' }));
    row('C10_comma_scopes', () => first.requestTokens({ grant_type, scope: 'profile,products' }));
  });

  describe('revoking', () => {
    const revokeNew = async (kind: keyof TokenResponse, parameters: Fields = {}): Promise<Response> =>
      first.revoke((await signIn())[kind], parameters);
    const token_type_hint = 'refresh_token';

    row('V01_revoke_access', () => revokeNew('access_token'));
    row('V02_access_after', () => me(accessToken()));
    row('V03_refresh_after', () => first.refresh(refreshToken()));
    row('V04_revoke_refresh', () => revokeNew('refresh_token'));
    row('V05_access_after', () => me(accessToken()));
    row('V06_refresh_after', () => first.refresh(refreshToken()));
    row('V07_revoke_again', () => first.revoke(refreshToken()));
    row('V08_revoke_unknown', () => first.revoke('unknown'));
    row('V09_revoke_no_token', () => postForm(REVOKE, FIRST));
    row('V10_revoke_wrong_secret', () => revokeNew('access_token', { client_secret: 'wrong' }));
    row('V11_revoke_no_client', () => postForm(REVOKE, { token: accessToken() }));
    row('V12_revoke_other_client', () => first.revoke(accessToken(), SECOND));
    row('V13_access_still_valid', () => me(accessToken()));
    row('V14_revoke_bearer_only', () =>
      postForm(REVOKE, { token: accessToken() }, { Authorization: `Bearer ${accessToken()}` }),
    );
    row('V15_revoke_basic', () => postForm(REVOKE, { token: accessToken() }, firstBasic));
    row('V16_access_after_basic', () => me(accessToken()));
    row('V17_revoke_json', async () => postJSON(REVOKE, { ...FIRST, token: (await signIn()).access_token }));
    row('V18_access_after_json', () => me(accessToken()));
    row('V19_revoke_hint_refresh', () => revokeNew('refresh_token', { token_type_hint }));
    row('V20_access_after_hint', () => me(accessToken()));
    row('V21_revoke_wrong_hint', () => revokeNew('access_token', { token_type_hint }));
    row('V22_access_after_wrong_hint', () => me(accessToken()));
    row('V23_revoke_second_session', async () => {
      await signIn();
      return first.revoke((await first.signIn()).access_token);
    });
    row('V24_first_session_access', () => me(accessToken()));
    row('V25_first_session_refresh', () => first.refresh(refreshToken()));
    row('V26_revoke_refresh_of_expired', async () => {
      emulator.expire((await signIn()).access_token);
      return first.revoke(refreshToken());
    });
    keep('second', 'V28_refresh', () => refreshNew());
    row('V29_revoke_new_access', () => first.revoke(accessToken('second')));
  });

  describe('/v1/me', () => {
    const get = (query: string): Promise<Response> => fetch(`${emulator.url}/irk/api/v1/me${query}`);

    row('M01_valid', async () => me((await signIn()).access_token));
    row('M02_access_token_query', () => get(`?access_token=${accessToken()}`));
    row('M03_bearer_token_query', () => get(`?bearer_token=${accessToken()}`));
    row('M04_lowercase_scheme', () => me('', { Authorization: `bearer ${accessToken()}` }));
    row('M05_no_token', () => get(''));
    row('M06_unknown_token', () => me('unknown'));
    row('M07_refresh_token_as_bearer', () => me(refreshToken()));
    row('M08_expired', () => {
      emulator.expire(accessToken());
      return me(accessToken());
    });
    row('M09_revoked', async () => {
      const { access_token } = await first.signIn();
      await first.revoke(access_token);
      return me(access_token);
    });
    keep('tokens', 'M10_login_community', () => exchange({}, { scope: 'community' }));
    row('M11_without_profile_scope', () => me(accessToken()));
    row('M12_without_profile_accept_json', () => me(accessToken(), asJSON));
  });

  describe('the authorize page', () => {
    const query = (parameters: Record<string, string | undefined>): string => first.authorizationURL(parameters);
    const raw = (scope: string): string => `${query({ scope: undefined })}&scope=${scope}`;
    const decide = async (url: string, decision: 'allow' | 'deny' = 'allow'): Promise<Response> => {
      const callback = await new PageVisitor(emulator.url).decide(url, ada.id, decision);
      code = new URL(callback.headers.get('location') ?? '').searchParams.get('code') ?? '';
      return callback;
    };
    const decideAndRedeem = async (url: string): Promise<Response> => {
      await decide(url);
      return first.redeem(code);
    };
    let visitor: PageVisitor;
    let page: string;

    row('Z01_ok', () => decide(query({ state: 's t+1' })));
    row('Z02_ok_no_state', () => decide(query({})));
    row('Z03_denied', () => decide(query({ state: 's t+1' }), 'deny'));
    row('Z04_denied_no_state', () => decide(query({}), 'deny'));
    row('Z05_invalid_scope', () => fetch(query({ scope: 'admin' })));
    row('Z06_bad_redirect_uri', () => fetch(query({ redirect_uri: 'http://evil.example/callback' })));
    row('Z07_missing_redirect_uri', () => fetch(query({ redirect_uri: undefined })));
    row('Z08_unknown_client', () => fetch(query({ client_id: 'unknown' })));
    row('Z09_missing_client', () => fetch(query({ client_id: undefined })));
    row('Z10_bad_response_type', () => fetch(query({ response_type: 'token' })));
    row('Z11_missing_response_type', () => fetch(query({ response_type: undefined })));
    row('Z12_scope_plus', () => decide(raw('profile+community')));
    row('Z13_scope_plus_token', () => first.redeem(code));
    row('Z14_scope_pct20', () => decide(raw('profile%20community')));
    row('Z15_scope_pct20_token', () => first.redeem(code));
    row('Z16_scope_pct2b', () => fetch(raw('profile%2Bcommunity')));
    row('Z17_scope_comma', () => fetch(raw('profile,community')));
    row('Z18_scope_order_and_repeat', () => decideAndRedeem(raw('community%20profile%20community')));
    row('Z19_scope_empty', () => decideAndRedeem(raw('')));
    row('Z20_invalid_scope_accept_json', () => fetch(query({ scope: 'admin' }), { headers: asJSON }));
    row('Z21_redirect_uri_extra_query', () => decide(query({ redirect_uri: `${redirect_uri}?foo=1`, state: 'st' })));
    row('Z22_fragment_mode', () => decide(query({ response_mode: 'fragment', state: 'st' })));
    row('Z24_other_port', () => decide(query({ redirect_uri: redirect_uri.replace('3000', '3999'), state: 'st' })));
    row('Z30_consent_page', async () => {
      visitor = new PageVisitor(emulator.url);
      const response = await visitor.openConsent(query({ state: 'st' }), ada.id);
      page = await response.clone().text();
      return response;
    });
    row('Z31_consent_denied', () => visitor.post(findForm(page, '/auth/authorize'), { _method: 'delete' }));
    row('Z32_consent_granted', () => visitor.post(findForm(page, '/auth/authorize')));
    row('Z33_consent_no_csrf', () => visitor.post(findForm(page, '/auth/authorize'), { authenticity_token: '' }));
  });

  it('plays every recorded row once, or says why not', () => {
    expect(recorded.size).to.equal(158);
    expect([...played, ...NOT_PLAYED.keys()].sort()).to.deep.equal([...recorded.keys()].sort());
  });
});
