import { Strategy as OAuth2Strategy, type StrategyOptions, type VerifyCallback } from 'passport-oauth2';
import { type Contender, credentials, mountStrategy, toEndpoints } from './contender';
import { keepSessions } from './session';

/** The names of this package's own and of its subclasses, which all keep their state in the session. */
type Options = StrategyOptions & ReturnType<typeof toEndpoints> & { pkce?: boolean };
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
  const oauth2 = (strategy as unknown as { _oauth2: { get: (url: string, ...rest: unknown[]) => void } })
    ._oauth2;
  const get = oauth2.get.bind(oauth2);
  oauth2.get = (_url, ...rest) => get(userProfileURL, ...rest);
}

function compete(name: string, loadStrategy: () => StrategyClass, extra: { pkce?: boolean } = {}): Contender {
  return {
    name,
    kind: 'Passport peer',
    mount: (app, site) => {
      const Strategy = loadStrategy();
      const endpoints = toEndpoints(site);
      const { callbackURL } = site;
      const given = { ...credentials, ...endpoints, callbackURL, scope: 'profile', state: true as never };
      const strategy = new Strategy({ ...given, ...extra }, verify);
      if (name === 'passport-discord') askForProfileAt(strategy, endpoints.userProfileURL);
      app.use(keepSessions());
      mountStrategy(app, strategy);
    },
  };
}

const loadSubclass = (name: string) => () => (require(name) as { Strategy: StrategyClass }).Strategy;

export const oauth2Contenders: Contender[] = [
  compete('passport-oauth2 (state)', () => PlainStrategy),
  compete('passport-oauth2 (state + PKCE)', () => PlainStrategy, { pkce: true }),
  ...['passport-github2', 'passport-google-oauth20', 'passport-discord'].map((name) =>
    compete(name, loadSubclass(name)),
  ),
];
