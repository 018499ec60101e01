import { Strategy as OAuth2Strategy, type StrategyOptions, type VerifyCallback } from 'passport-oauth2';
import { addSessions, type Contender, credentials, mountStrategy, toEndpoints } from './contender';

/** The names of this package's own and of its subclasses, which all keep their state in the session. */
type Options = StrategyOptions & ReturnType<typeof toEndpoints>;
type StrategyClass = new (options: Options, verifyLogin: typeof verify) => OAuth2Strategy;

function verify(_accessToken: string, _refreshToken: string, profile: object, done: VerifyCallback): void {
  done(null, profile);
}

/** passport-oauth2 with the profile request that its subclasses have. */
class PlainStrategy extends OAuth2Strategy {
  constructor(options: Options, verifyLogin: typeof verify) {
    super(options, verifyLogin);
    this._oauth2.useAuthorizationHeaderforGET(true);
    this.userProfile = (accessToken, done) => {
      this._oauth2.get(options.userProfileURL, accessToken, (error, body) => {
        if (error) done(error);
        else done(null, JSON.parse(String(body)));
      });
    };
  }
}

/** passport-discord has no option for the URL of the profile. */
function askForProfileAt(strategy: OAuth2Strategy, userProfileURL: string): void {
  const { _oauth2 } = strategy as unknown as { _oauth2: { get: (...parameters: unknown[]) => void } };
  const get = _oauth2.get.bind(_oauth2);
  _oauth2.get = (_url, ...rest) => get(userProfileURL, ...rest);
}

function createContender(name: string, loadStrategy: () => StrategyClass, pkce = false): Contender {
  const mount: Contender['mount'] = (app, site) => {
    const endpoints = toEndpoints(site);
    const extra = { callbackURL: site.callbackURL, scope: 'profile', state: true as never, pkce };
    const strategy = new (loadStrategy())({ ...credentials, ...endpoints, ...extra }, verify);
    if (name === 'passport-discord') askForProfileAt(strategy, endpoints.userProfileURL);
    addSessions(app);
    mountStrategy(app, strategy);
  };
  return { name, kind: 'passport', mount };
}

const subclasses = ['passport-github2', 'passport-google-oauth20', 'passport-discord'];

export const oauth2Contenders: Contender[] = [
  createContender('passport-oauth2 (state)', () => PlainStrategy),
  createContender('passport-oauth2 (state + PKCE)', () => PlainStrategy, true),
  ...subclasses.map((name) => createContender(name, () => require(name).Strategy)),
];
