declare module 'passport-github2' {
  import type { Strategy as OAuth2Strategy, StrategyOptions, VerifyFunction } from 'passport-oauth2';

  // Its own options are authorizationURL, tokenURL and userProfileURL, all with defaults.
  export class Strategy extends OAuth2Strategy {
    constructor(options: StrategyOptions & { userProfileURL: string }, verify: VerifyFunction);
  }
}
