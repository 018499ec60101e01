import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(__dirname, '..', '..');

/** The packages that a script has loaded, beside the package itself; and the latter's own modules. */
function listLoaded(script: string): { packages: string[]; modules: string[] } {
  const print = 'process.stdout.write(JSON.stringify(Object.keys(require.cache)));';
  const output = execFileSync(process.execPath, ['-e', script + print], { cwd: root, encoding: 'utf8' });
  const files = (JSON.parse(output) as string[]).map((file) => file.slice(root.length + 1).replaceAll('\\', '/'));
  const packages = files.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? '').filter(Boolean);
  return { packages: [...new Set(packages)], modules: files.filter((file) => file.startsWith('dist/')) };
}

// The package as it is built, and in a process of its own: here, everything is loaded already.
describe('passport-metafy/web', () => {
  it('loads the package `cookie` and no other, and nothing of Passport’s', () => {
    const { packages, modules } = listLoaded("require('passport-metafy/web');");
    expect(packages).to.deep.equal(['cookie']);
    expect(modules).to.include('dist/web/sign-in.js');
    expect(modules.filter((file) => /^dist\/(?:passport|tokens|api|index)/.test(file))).to.deep.equal([]);
  });

  it('is told apart from the package itself, which loads passport-oauth2', () => {
    expect(listLoaded("require('passport-metafy');").packages).to.include('passport-oauth2');
  });
});
