/**
 * Mutation testing of what must not be wrong: `npm run test:mutation`.
 *
 * The tests are those that run in this process and within seconds. What needs a browser, a database, the built package
 * or a child process is left out: it is slow, or never loads the mutated sources.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: [
    'src/errors.ts',
    'src/authorization/{login-cookie,response}.ts',
    'src/passport/{cookie-state-store,session-state-store,state-store,verify}.ts',
    'src/metafy/{api-endpoint,error-response,http,retry,token-endpoint,token-response}.ts',
    'src/tokens/{client-credentials,rotation,user-tokens}.ts',
    'src/util/{from-callback,keyed-mutex,lock,seal,sealed-store,timeout}.ts',
  ],
  plugins: ['@stryker-mutator/mocha-runner'],
  testRunner: 'mocha',
  coverageAnalysis: 'perTest',
  mochaOptions: {
    // The quickest first: a mutant that they kill costs nothing more.
    spec: [
      'test/errors.test.ts',
      'test/{authorization,passport,metafy,util}/**/*.test.ts',
      'test/{tokens,api,web}/**/*.test.ts',
      'test/end-to-end/*.test.ts',
      'test/end-to-end/passport-oauth2/*.test.ts',
      'test/security/*.test.ts',
    ],
    ignore: [
      // Read files of the repository, or the source code.
      'test/security/{document,regular-expressions,secret-comparison}.test.ts',
      // Start processes of their own, or use the built package.
      'test/security/{leaks,open-redirect}.test.ts',
      'test/web/loaded-modules.test.ts',
    ],
  },
  ignorePatterns: ['/bench', '/coverage', '/dist', '/docs'],
  // Nothing checks types here: @swc-node/register only strips them.
  disableTypeChecks: false,
  concurrency: 2,
  // What a mutant makes wait forever ends here; long enough for a machine that has other work.
  timeoutMS: 10_000,
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, reportTests: false },
};
