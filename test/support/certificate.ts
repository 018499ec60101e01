import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A self-signed certificate for `hostname` and 127.0.0.1, made by openssl; `undefined` when openssl is missing,
 * which on CI is an error.
 */
export function createCertificate(hostname: string): { key: string; cert: string } | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-certificate-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  try {
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-nodes',
          '-days',
          '2',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
        ],
        ...['-keyout', key, '-out', cert, '-subj', `/CN=${hostname}`],
        ...['-addext', `subjectAltName=DNS:${hostname},IP:127.0.0.1`],
      ],
      { stdio: 'pipe' },
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || process.env.CI) throw error;
    return undefined;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
