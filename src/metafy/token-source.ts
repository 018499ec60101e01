/**
 * Gives access tokens to whoever calls the API: `MetafyClientCredentials` is one, and `MetafyUserTokens.of(userId)` makes
 * one.
 */
export interface TokenSource {
  /**
   * A token that is valid now.
   *
   * @param options `rejectedToken` is one that the API has just answered with 401: another one is wanted
   */
  getToken(options?: { rejectedToken?: string | undefined }): Promise<{
    accessToken: string;
    /** What was granted, where it is known. */
    scope?: readonly string[] | undefined;
  }>;
}
