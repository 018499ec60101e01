import { parseProfile } from '../../../../src/profile';
import { documentedProfile } from '../../../support/nock-metafy';
import type { DeliberateDifference, Hook } from '../trial';
import { rejecting, signedIn, verified } from './common';

const visits = [{ url: '/cb?code=a-code' }];
const profile = { id: 'of the subclass' };
const metafyProfile = parseProfile(JSON.stringify(documentedProfile));
const exchange: Hook = (_code, _parameters, callback) =>
  callback(null, 'the-access-token', 'the-refresh-token', { token_type: 'Bearer' });

const tokens = {
  accessToken: 'the-access-token',
  refreshToken: 'the-refresh-token',
  tokenType: 'Bearer',
  scope: ['profile'],
  expiresAt: '<date>',
  raw: { access_token: 'the-access-token', refresh_token: 'the-refresh-token', token_type: 'Bearer' },
};

/** How a login ends. */
export const differencesInEndings: DeliberateDifference[] = [
  {
    title: 'the profile, where no subclass reads it',
    reason: 'Metafy’s is known',
    loadsProfile: true,
    verify: (_accessToken, _refreshToken, { id }, done) => done(null, { id }),
    visits,
    theirs: {
      endings: ['success {} {}'],
      read: [],
      verified: [['the-access-token', 'the-refresh-token', {}, '<callback>']],
    },
    ours: {
      endings: [`success {"id":"${documentedProfile.user.id}"} {}`],
      read: ['/me Bearer the-access-token'],
      verified: [['the-access-token', 'the-refresh-token', metafyProfile, '<callback>']],
    },
  },
  {
    title: '`_oauth2.get` with its defaults',
    reason: 'tokens are in the header only',
    methods: {
      userProfile(accessToken, done) {
        const url = this._oauth2._accessTokenUrl.replace('/token', '/own');
        this._oauth2.get(url, accessToken, (error: unknown) => done(error, profile));
      },
    },
    visits,
    theirs: { read: ['/own?access_token=the-access-token '] },
    ours: { read: ['/own Bearer the-access-token'] },
  },
  {
    title: 'an async skipUserProfile that says no',
    reason: 'hooks may be async',
    options: { skipUserProfile: async () => false },
    visits,
    theirs: { verified: [['the-access-token', 'the-refresh-token', undefined, '<callback>']] },
    ours: { verified: [verified] },
  },
  {
    title: 'an async verify that rejects',
    reason: 'hooks may be async',
    mayNeverEnd: true,
    exchange,
    verify: (_accessToken, _refreshToken, _profile, _done) => rejecting(),
    visits,
    theirs: { endings: ['nothing'] },
    ours: { endings: ['error Error(): a bug'] },
  },
  {
    title: 'a verify that answers twice',
    reason: 'a login ends once',
    exchange,
    verify: (_accessToken, _refreshToken, _profile, done) => {
      done(null, { id: 'user-1' });
      done(new Error('too late'));
    },
    visits,
    theirs: { endings: [`${signedIn}, then error Error(): too late`] },
    ours: { endings: [signedIn] },
  },
  {
    title: 'a verify of one parameter',
    reason: 'it gets all in one object and returns the user',
    mayNeverEnd: true,
    exchange,
    verify: (login) => ({ id: Object.keys(login).join() }),
    visits,
    theirs: { endings: ['nothing'], verified: [verified] },
    ours: {
      endings: ['success {"id":"req,profile,tokens"} {}'],
      verified: [[{ req: '<req>', profile, tokens }]],
    },
  },
];
