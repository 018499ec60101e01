/**
 * Mutation testing of what must not be wrong: `npm run test:mutation`.
 *
 * The tests are those that run in this process and within seconds: a mutant is killed by what a contributor sees fail
 * first. Whatever starts a browser, a database, a child process or an npm install cannot load the mutated sources.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: [
    'src/seal.ts',
    'src/login-cookies.ts',
    'src/cookie-state-store.ts',
    'src/session-state-store.ts',
    'src/state-store.ts',
    'src/callback-parameters.ts',
    'src/authorization-refusal.ts',
    'src/verify.ts',
    'src/http.ts',
    'src/resource.ts',
    'src/deadline.ts',
    'src/response-error.ts',
    'src/token-endpoint.ts',
    'src/tokens.ts',
    'src/errors.ts',
    'src/user-tokens.ts',
    'src/rotation.ts',
    'src/token-store.ts',
    'src/single-flight.ts',
    'src/client-credentials.ts',
  ],
  plugins: ['@stryker-mutator/mocha-runner'],
  testRunner: 'mocha',
  coverageAnalysis: 'perTest',
  mochaOptions: {
    // The quickest first: a mutant that they kill costs nothing more.
    spec: [
      'test/*.test.ts',
      'test/tokens/*.test.ts',
      'test/integration/*.test.ts',
      'test/security/*.test.ts',
    ],
    ignore: [
      // Read files of the repository, not what the code does.
      'test/architecture.test.ts',
      'test/decisions.test.ts',
      'test/dependencies.test.ts',
      'test/documents.test.ts',
      'test/workflows.test.ts',
      'test/security/document.test.ts',
      'test/security/regular-expressions.test.ts',
      'test/security/secret-comparison.test.ts',
      // Use the built package, or child processes.
      'test/integration/migrating.test.ts',
      'test/integration/package-quality.test.ts',
      'test/integration/package.test.ts',
      'test/integration/readme-server.test.ts',
      'test/integration/state.test.ts',
      'test/integration/testing-examples.test.ts',
      'test/security/leaks.test.ts',
      'test/security/open-redirect.test.ts',
    ],
  },
  ignorePatterns: ['/bench', '/coverage', '/dist', '/docs', '/soak'],
  // Nothing checks types here: @swc-node/register only strips them.
  disableTypeChecks: false,
  concurrency: 2,
  // Waits that a mutant makes endless end here; long enough for a machine that has other work.
  timeoutMS: 10_000,
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  clearTextReporter: { logTests: false, reportTests: false },
};
