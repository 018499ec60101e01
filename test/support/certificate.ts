import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  key: string;
  cert: string;
}

/**
 * A self-signed certificate for `hostname` and 127.0.0.1, made by openssl; `undefined` when openssl is missing,
 * which on CI is an error.
 *
 * @param days how long it is valid; -1 for one that has expired
 */
export function createCertificate(hostname: string, days = 2): Certificate | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-certificate-'));
  const openssl = (...parameters: string[]) => execFileSync('openssl', parameters, { cwd: directory, stdio: 'pipe' });
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  try {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem'];
    openssl('req', '-new', ...key, '-subj', `/CN=${hostname}`, '-out', 'request.pem');
    writeFileSync(join(directory, 'names'), `subjectAltName=DNS:${hostname},IP:127.0.0.1`);
    const files = ['-in', 'request.pem', '-signkey', 'key.pem', '-extfile', 'names', '-out', 'cert.pem'];
    openssl('x509', '-req', ...files, '-days', `${days}`);
    return { key: read('key.pem'), cert: read('cert.pem') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || process.env.CI) throw error;
    return undefined;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
