declare module 'passport-oauth2-refresh' {
  import type { Strategy } from 'passport';

  export class AuthTokenRefresh {
    use(strategy: Strategy): void;
    requestNewAccessToken(
      name: string,
      refreshToken: string,
      done: (error: unknown, ...results: unknown[]) => void,
    ): void;
  }
}
