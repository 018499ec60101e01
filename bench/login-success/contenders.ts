import type { Strategy } from 'passport';
import { Strategy as GitHubStrategy } from 'passport-github2';
import { Strategy as OAuth2Strategy, type StrategyOptions, type VerifyCallback } from 'passport-oauth2';
import { MetafyStrategy } from '../../src';

/** The strategies that are compared, each as its README says, with `state` on. */
export interface Contender {
  name: string;
  create: (upstreamURL: string, callbackURL: string) => Strategy;
}

type Done = (error: unknown, profile?: unknown) => void;

const credentials = { clientID: 'client', clientSecret: 'the secret of the client' };

function toURLs(upstreamURL: string) {
  return {
    authorizationURL: `${upstreamURL}/authorize`,
    tokenURL: `${upstreamURL}/token`,
    userProfileURL: `${upstreamURL}/profile`,
  };
}

const verifyClassic = (_access: string, _refresh: string, profile: object, done: VerifyCallback) =>
  done(null, profile);

/** passport-oauth2 with the profile fetch that the strategies built on it have. */
class PlainStrategy extends OAuth2Strategy {
  readonly #userProfileURL: string;

  constructor(options: StrategyOptions & { userProfileURL: string }) {
    super(options, verifyClassic);
    this.#userProfileURL = options.userProfileURL;
    this._oauth2.useAuthorizationHeaderforGET(true);
    // Passport runs each request on an `Object.create(strategy)`, which has no private fields.
    this.userProfile = this.userProfile.bind(this);
  }

  override userProfile(accessToken: string, done: Done): void {
    this._oauth2.get(this.#userProfileURL, accessToken, (error, body) => {
      if (error) done(error);
      else done(null, JSON.parse(String(body)));
    });
  }
}

export const contenders: readonly Contender[] = [
  {
    name: 'passport-metafy',
    create: (upstreamURL, callbackURL) =>
      new MetafyStrategy(
        { ...credentials, ...toURLs(upstreamURL), callbackURL },
        ({ profile }) => profile as Express.User,
      ),
  },
  {
    name: 'passport-github2',
    create: (upstreamURL, callbackURL) =>
      new GitHubStrategy(
        { ...credentials, ...toURLs(upstreamURL), callbackURL, state: true as never },
        verifyClassic,
      ),
  },
  {
    name: 'passport-oauth2',
    create: (upstreamURL, callbackURL) =>
      new PlainStrategy({ ...credentials, ...toURLs(upstreamURL), callbackURL, state: true as never }),
  },
];
