import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port';
import { createService } from './services';

/** The PostgreSQL at `POSTGRES_URL`, or a temporary cluster made with Debian’s `initdb`. */
export const usePostgres = createService('PostgreSQL', 'POSTGRES_URL', 'postgresql', startPostgres);

/** @returns its URL; `undefined` when there is no PostgreSQL here */
async function startPostgres(): Promise<string | undefined> {
  const programs = findPrograms();
  if (!programs) return undefined;

  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-postgres-'));
  const owner = findOwner();
  if (owner) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  // A daemon that kept our output open would keep this process waiting.
  const run = (program: string, ...settings: string[]) =>
    execFileSync(join(programs, program), settings, { ...owner, cwd: directory, stdio: 'ignore' });

  const port = await findFreePort();
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync');
  const serverSettings = `-p ${port} -k ${directory} -c listen_addresses=127.0.0.1 -c fsync=off`;
  run('pg_ctl', '-D', data, '-w', '-l', join(directory, 'log'), '-o', serverSettings, 'start');
  process.once('exit', () => {
    run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
    rmSync(directory, { recursive: true, force: true });
  });
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

/** Where Debian keeps the programs that are not in PATH: the newest version's. */
function findPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'))
    .find((directory) => existsSync(join(directory, 'initdb')));
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
function findOwner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const readId = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: readId('-u'), gid: readId('-g') };
}
