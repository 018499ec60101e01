import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { findProblems } from './support/architecture';
import { readSourceFile } from './support/source-file';

const root = join(__dirname, '..');

const sources = new Map(
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [`src/${path}`, readFileSync(join(root, 'src', path), 'utf8')]),
);

/** The problems of the house when `code` stands on top of the file at `path`. */
function judge(path?: string, code = ''): string[] {
  const changed = new Map(sources);
  if (path) changed.set(path, `${code}\n${sources.get(path) ?? ''}`);
  return findProblems([...changed].map(([name, text]) => readSourceFile(name, text)));
}

describe('the house', () => {
  it('keeps its rules', () => {
    expect(sources.size).to.be.greaterThan(50);
    expect(judge()).to.deep.equal([]);
  });

  describe('notices', () => {
    for (const [what, path, code, problem] of [
      [
        'an import that runs upwards',
        'src/http.ts',
        "import { requestToken } from './token-endpoint';",
        'src/http.ts reaches upwards: src/token-endpoint.ts',
      ],
      [
        'a type that comes from above',
        'src/seal.ts',
        "import type { MetafyUserTokens } from './user-tokens';",
        'src/seal.ts reaches upwards: src/user-tokens.ts',
      ],
      [
        'the public surface used from within',
        'src/refresh.ts',
        "export * from './index';",
        'src/refresh.ts reaches upwards: src/index.ts',
      ],
      [
        'the emulator in the main wing',
        'src/strategy.ts',
        "import type { MetafyEmulator } from './emulator/index';",
        'src/strategy.ts reaches into the other wing: src/emulator/index.ts',
      ],
      [
        'the main wing in the emulator, which would share its mistakes',
        'src/emulator/pages/html.ts',
        "import { isJSONObject } from '../../json';",
        'src/emulator/pages/html.ts reaches into the other wing: src/json.ts',
      ],
      [
        'sealing outside of its room',
        'src/login-cookies.ts',
        "import { createCipheriv } from 'node:crypto';",
        'src/login-cookies.ts may not take createCipheriv of crypto',
      ],
      [
        'sealing in a room that may only hash',
        'src/pkce.ts',
        "import { createCipheriv as cipher } from 'crypto';",
        'src/pkce.ts may not take createCipheriv of crypto',
      ],
      [
        'the global crypto',
        'src/random.ts',
        'crypto.getRandomValues(new Uint8Array(1));',
        'src/random.ts may not use crypto',
      ],
      [
        'a socket outside of its room',
        'src/resource.ts',
        "import net = require('node:net');",
        'src/resource.ts may not take * of net',
      ],
      [
        'a server’s library that is loaded late',
        'src/profile.ts',
        "export const load = () => import('node:https');",
        'src/profile.ts may not take * of https',
      ],
      [
        'a module whose name is computed',
        'src/profile.ts',
        "require('node:' + 'tls');",
        'src/profile.ts may not take * of ?',
      ],
      ['the global fetch', 'src/profile.ts', "void fetch('');", 'src/profile.ts may not use fetch'],
      [
        'passport-oauth2’s insides outside of the strategy',
        'src/verify.ts',
        'export const reach = (strategy: { _oauth2: object }) => strategy._oauth2;',
        'src/verify.ts may not use _oauth2',
      ],
      ['a file that is too long', 'src/json.ts', '//\n'.repeat(190), 'src/json.ts has above 200 lines'],
      ['a file on no floor', 'src/helpers.ts', '', 'src/helpers.ts is on no floor'],
      [
        'an import cycle',
        'src/errors.ts',
        "import type { HttpResponse } from './http';",
        'src/http.ts → src/errors.ts',
      ],
    ] as const) {
      it(what, () => {
        expect(judge(path, code).join('\n')).to.include(problem);
      });
    }

    it('nothing in comments, strings and types of what is reserved', () => {
      const code =
        "// import 'node:net'\nexport const text = \"import 'node:tls'\";\nimport type { Socket } from 'node:net';";
      expect(judge('src/json.ts', `${code}\nexport type Any = Socket;`)).to.deep.equal([]);
    });
  });
});
