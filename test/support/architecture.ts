import type { Import, SourceFile } from './source-file';

/** The floors of the main wing, the highest first: a room may ask its own floor and those below it. */
const floors = [
  // The public surface.
  ['index'],
  // The flows an application starts.
  ['strategy', 'client-credentials', 'refresh', 'revoke', 'rotation', 'user-tokens'],
  // The steps the flows are made of.
  [
    'authenticate-options',
    'authorization-refusal',
    'authorization-url',
    'callback-parameters',
    'callback-url',
    'cookie-state-store',
    'login-cookies',
    'oauth2',
    'profile',
    'resource',
    'session-state-store',
    'skip-user-profile',
    'state-store',
    'strategy-options',
    'token-endpoint',
    'token-store',
    'verify',
  ],
  // What knows of no step.
  [
    'client',
    'deadline',
    'endpoints',
    'errors',
    'hooks',
    'http',
    'json',
    'options',
    'pkce',
    'random',
    'response-error',
    'seal',
    'single-flight',
    'tokens',
  ],
];

/** What only some rooms may take at run time, and which names of it; elsewhere it is reached through these rooms. */
const reserved: Record<string, Record<string, string[]>> = {
  crypto: {
    seal: ['createCipheriv', 'createDecipheriv', 'createHmac', 'createSecretKey', 'hkdfSync'],
    random: ['randomBytes'],
    pkce: ['createHash'],
  },
  http: { http: ['*'] },
  https: { http: ['*'] },
  net: {},
  tls: {},
  dgram: {},
  dns: {},
  http2: {},
  child_process: {},
  fs: {},
  oauth: { oauth2: ['OAuth2'] },
  cookie: { 'login-cookies': ['parse', 'serialize'] },
  'passport-oauth2': {
    strategy: ['Strategy'],
    errors: ['TokenError'],
    'authorization-refusal': ['AuthorizationError'],
  },
  passport: {},
  express: {},
};

/** What is used without an import, and where. */
const reservedIdentifiers: Record<string, string[]> = {
  fetch: [],
  WebSocket: [],
  EventSource: [],
  crypto: [],
  // passport-oauth2's and node-oauth's insides.
  _oauth2: ['strategy'],
};

const maxLines = 200;

/** Everything in which the files break the rules of the house; empty when all is well. */
export function findProblems(files: readonly SourceFile[]): string[] {
  return [
    ...files.filter(({ lineCount }) => lineCount > maxLines).map(({ path }) => `${path} has above 200 lines`),
    ...files.flatMap(findProblemsOfWing),
    ...files.filter(isInMainWing).flatMap(findProblemsOfRoom),
    ...findCycles(files),
  ];
}

function findProblemsOfWing(file: SourceFile): string[] {
  const isMain = isInMainWing(file);
  return file.imports
    .filter(({ path }) => path?.startsWith('src/') && path.startsWith('src/emulator/') === isMain)
    .map(({ path }) => `${file.path} reaches into the other wing: ${path}`);
}

function findProblemsOfRoom(file: SourceFile): string[] {
  const room = toRoom(file.path);
  const floor = floorOf(room);
  if (floor === -1) return [`${file.path} is on no floor: choose one in ${floorsFile}`];

  const upwards = file.imports
    .filter(({ path }) => path !== undefined && isRoom(path) && floorOf(toRoom(path)) < floor)
    .map(({ path }) => `${file.path} reaches upwards: ${path}`);
  const taken = file.imports
    .filter((taking) => !taking.isType && !mayTake(room, taking))
    .map(({ module, names }) => `${file.path} may not take ${names.join(', ')} of ${module}`);
  const used = Object.entries(reservedIdentifiers)
    .filter(([name, rooms]) => file.identifiers.has(name) && !rooms.includes(room))
    .map(([name]) => `${file.path} may not use ${name}`);
  return [...upwards, ...taken, ...used];
}

const floorsFile = 'test/support/architecture.ts';

function mayTake(room: string, { module, names }: Import): boolean {
  if (module === '?') return false;
  const rooms = Object.hasOwn(reserved, module) ? reserved[module] : undefined;
  if (!rooms) return true;
  const allowed = rooms[room];
  return allowed !== undefined && (allowed.includes('*') || names.every((name) => allowed.includes(name)));
}

/** One problem per cycle that a walk from any file runs into. */
function findCycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, trail: string[]): void => {
    if (trail.includes(path)) {
      cycles.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`);
      return;
    }
    if (finished.has(path)) return;
    for (const { path: next } of byPath.get(path)?.imports ?? []) if (next) walk(next, [...trail, path]);
    finished.add(path);
  };
  for (const { path } of files) walk(path, []);
  return cycles;
}

function isInMainWing({ path }: SourceFile): boolean {
  return !path.startsWith('src/emulator/');
}

function isRoom(path: string): boolean {
  return /^src\/[^/]+\.ts$/.test(path);
}

function toRoom(path: string): string {
  return path.replace(/^src\/|\.ts$/g, '');
}

function floorOf(room: string): number {
  return floors.findIndex((rooms) => rooms.includes(room));
}
