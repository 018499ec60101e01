import { MetafyResponseError } from '../errors';
import { isJSONObject, isText, type JSONObject, parseJSONObject, toID } from '../util/json';
import { requestAPI } from './api-endpoint';
import type { MetafyServer } from './client';

/** Passport's normalised profile of a Metafy user. Fields that Metafy did not give are absent. */
export interface MetafyProfile {
  provider: 'metafy';
  /** Metafy's id of the user, and the only field guaranteed to be present: link accounts by it, never by e-mail. */
  id: string;
  /** Metafy's `slug`: the user's name in URLs, which the user may change. */
  username?: string;
  /** Metafy's `name`. */
  displayName?: string;
  /** An http(s) URL, if Metafy gives one: safe to put into `href`. */
  profileUrl?: string;
  /** Metafy's `email`, which is not known to be verified. */
  emails?: [{ value: string }];
  /** Metafy's `avatar_url`. */
  photos?: [{ value: string }];
  /** Metafy's answer as it came. */
  _raw: string;
  /** Metafy's answer, parsed: `{ user: { … } }`, with the fields this package does not know. */
  _json: JSONObject;
}

/** The callback of `userProfile`, as passport-oauth2 has it. */
export type ProfileDone = (error?: unknown, profile?: MetafyProfile) => void;

/**
 * Asks for the profile of the token's owner: `GET /v1/me`.
 *
 * @throws MetafyOAuthError, MetafyResponseError as `requestAPI`; `bad_body` as `parseProfile`
 */
export async function fetchProfile(server: MetafyServer, accessToken: string): Promise<MetafyProfile> {
  const headers = { ...server.headers, Authorization: `Bearer ${accessToken}` };
  const response = await requestAPI(server, { method: 'GET', url: new URL(`${server.apiURL}/v1/me`), headers });
  return parseProfile(response.body, response.status);
}

/**
 * Reads the answer of `GET /v1/me`, with or without its `user` wrapper (both seen in production).
 *
 * @throws MetafyResponseError `bad_body` when it is not a JSON object with an `id`
 */
export function parseProfile(body: string, upstreamStatus?: number | undefined): MetafyProfile {
  const json = parseJSONObject(body);
  const user = json && (isJSONObject(json.user) ? json.user : json);
  const id = user && toID(user.id);
  if (!id) {
    throw new MetafyResponseError('Metafy answered the profile request without a usable `id`', {
      code: 'bad_body',
      upstreamStatus,
    });
  }

  const { slug, name, email, avatar_url } = user;
  const profileUrl = toWebURL(user.profile_url) ?? toWebURL(user.url);
  return {
    provider: 'metafy',
    id,
    ...(isText(slug) && { username: slug }),
    ...(isText(name) && { displayName: name }),
    ...(profileUrl && { profileUrl }),
    ...(isText(email) && { emails: [{ value: email }] }),
    ...(isText(avatar_url) && { photos: [{ value: avatar_url }] }),
    _raw: body,
    _json: json as JSONObject,
  };
}

// Applications put it into `href`, where `javascript:` would run.
function toWebURL(value: unknown): string | undefined {
  return isText(value) && /^https?:\/\//i.test(value) ? value : undefined;
}
