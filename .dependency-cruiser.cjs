/**
 * The rules between the modules of src/, checked by test/architecture.test.ts. To check them alone:
 * `npx depcruise src`. Imports of types count, but for rules 5 and 6.
 */

/** What each module may import, beside itself and src/errors.ts. */
const layers = {
  index: ['passport', 'tokens', 'api', 'metafy', 'util'],
  cli: ['emulator', 'web', 'api', 'tokens', 'metafy', 'util'],
  passport: ['authorization', 'metafy', 'util'],
  web: ['authorization', 'metafy', 'util'],
  tokens: ['metafy', 'util'],
  api: ['metafy', 'util'],
  authorization: ['metafy', 'util'],
  metafy: ['util'],
  util: [],
  errors: [],
};

/** A path that matches any of `modules`: a folder of src/ or a file in it. */
const inModules = (...modules) => `^src/(${modules.join('|')})(/|\\.ts$)`;
/** A package, installed or not, or its types. */
const inPackages = (...packages) => `(^|node_modules/)(@types/)?(${packages.join('|')})(/|$)`;
const inCore = (...modules) => `^(node:)?(${modules.join('|')})$`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: '1-layers',
      comment: 'A module imports those below it only. A folder that is not in the table is imported by nobody.',
      severity: 'error',
      from: { path: '^src/', pathNot: inModules('emulator', ...Object.keys(layers)) },
      to: { path: '^src/' },
    },
    ...Object.entries(layers).map(([module, below]) => ({
      name: '1-layers',
      severity: 'error',
      from: { path: inModules(module) },
      to: { path: '^src/', pathNot: inModules(module, ...below, 'errors') },
    })),
    {
      name: '2-no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: '3-emulator-stands-alone',
      comment: 'Or it would share the mistakes that it is there to find. It needs no package either.',
      severity: 'error',
      from: { path: inModules('emulator') },
      to: { pathNot: inModules('emulator'), dependencyTypesNot: ['core'] },
    },
    {
      name: '4-passport-only-in-passport',
      comment: 'passport-metafy/web works without these packages and their types.',
      severity: 'error',
      from: { path: '^src/', pathNot: inModules('passport') },
      to: {
        path: inPackages('passport', 'passport-oauth2', 'oauth', 'express', 'express-serve-static-core'),
      },
    },
    {
      name: '5-sockets',
      comment: 'Requests to Metafy go through one file, which bounds their time and size. The demo serves pages.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(metafy/http|cli/demo/server)\\.ts$', inModules('emulator')] },
      to: {
        path: inCore('http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'undici'),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: '6-cryptography',
      comment: 'Sealing, random values and PKCE are each in one file, where they can be reviewed.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: ['^src/(util/(seal|random)|authorization/request)\\.ts$', inModules('emulator')],
      },
      to: { path: inCore('crypto'), dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    // Types come and go in JavaScript, but not for a reader.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
