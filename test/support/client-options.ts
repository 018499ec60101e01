/** What every strategy and client in the tests is made with. */
export const clientOptions = {
  clientID: 'client-id-of-the-tests',
  clientSecret: 'client-secret-of-the-tests',
  timeoutMs: 2000,
};

export const strategyOptions = {
  ...clientOptions,
  callbackURL: 'https://app.example/auth/metafy/callback',
};
