import type { Request } from 'express';
import type { Strategy as PassportStrategy } from 'passport';
import type { Strategy as OAuth2Strategy } from 'passport-oauth2';
import { type MetafyProfile, MetafyStrategy, type MetafyStrategyOptions, type MetafyVerify } from '../../src';

interface OwnOptions extends MetafyStrategyOptions {
  community: string;
}

/** Every hook of passport-oauth2. */
export class OwnStrategy extends MetafyStrategy {
  override name = 'metafy-community';
  readonly community: string;

  constructor(options: OwnOptions, verify: MetafyVerify) {
    super(options, verify);
    this.community = options.community;
    this._oauth2.setAgent(false);
  }

  override authorizationParams(options: { prompt?: string }): object {
    return { prompt: options.prompt, community: this.community };
  }

  override tokenParams(): object {
    return { community: this.community };
  }

  override userProfile(accessToken: string, done: (error?: unknown, profile?: MetafyProfile) => void): void {
    super.userProfile(accessToken, (error, profile) => {
      if (error) return done(error);
      this._oauth2.get('https://metafy.gg/irk/api/v1/me/community', accessToken, (fault, body) =>
        fault ? done(fault) : done(null, profile && { ...profile, _json: { ...profile._json, community: body } }),
      );
    });
  }

  override parseErrorResponse(body: unknown, status: number): Error | null {
    return status === 418 ? new Error(String(body)) : super.parseErrorResponse(body, status);
  }

  override authenticate(req: Request, options?: object): void {
    super.authenticate(req, { ...options, scope: ['profile', 'community'] });
  }
}

const strategy = new OwnStrategy(
  { clientID: 'a', clientSecret: 'b', callbackURL: '/cb', community: 'c' },
  ({ profile }) => ({ id: profile.id }),
);
export const asOAuth2: OAuth2Strategy = strategy;
export const asPassport: PassportStrategy = strategy;

/** As `@nestjs/passport` does: a class that takes a rest parameter. */
export function mixin(Base: new (...parameters: never[]) => PassportStrategy): typeof Base {
  return Base;
}
mixin(MetafyStrategy);

// @ts-expect-error protected
strategy._oauth2;
export class WrongStrategy extends MetafyStrategy {
  // @ts-expect-error a hook's parameters are passport-oauth2's
  override userProfile(accessToken: number): void {
    accessToken.toFixed();
  }
}
