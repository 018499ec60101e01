import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificate } from '../support/certificate';

export interface Certificate {
  key: string;
  cert: string;
}

export type CertificateName = 'right' | 'other host' | 'expired' | 'self-signed';

export type Certificates = Record<CertificateName, Certificate>;

/** One certificate of each kind; `undefined` when openssl is missing, which on CI is an error. */
export function createCertificates(): Certificates | undefined {
  const right = createCertificate('localhost');
  const otherHost = createCertificate('other.example');
  const selfSigned = createCertificate('localhost');
  if (!right || !otherHost || !selfSigned) return undefined;
  return { right, 'other host': otherHost, expired: createExpired(), 'self-signed': selfSigned };
}

/** What the client trusts: all but the self-signed one. */
export function listTrusted(certificates: Certificates): string[] {
  return (['right', 'other host', 'expired'] as const).map((name) => certificates[name].cert);
}

const configuration = `
[ca]
default_ca = here
[here]
new_certs_dir = .
database = index.txt
serial = serial.txt
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = DNS:localhost
[req]
distinguished_name = subject
[subject]
`;

// `openssl ca` alone can date a certificate back, before OpenSSL 3.4.
function createExpired(): Certificate {
  const directory = mkdtempSync(join(tmpdir(), 'passport-metafy-expired-'));
  const openssl = (...parameters: string[]) =>
    execFileSync('openssl', parameters, { cwd: directory, stdio: 'pipe' });
  try {
    writeFileSync(join(directory, 'openssl.cnf'), configuration);
    writeFileSync(join(directory, 'index.txt'), '');
    writeFileSync(join(directory, 'serial.txt'), '01\n');
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const subject = ['-subj', '/CN=localhost', '-config', 'openssl.cnf'];
    openssl('req', '-new', '-nodes', ...curve, ...subject, '-keyout', 'key.pem', '-out', 'request.pem');
    const dates = ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'];
    const files = ['-keyfile', 'key.pem', '-in', 'request.pem', '-out', 'cert.pem'];
    openssl('ca', '-batch', '-notext', '-selfsign', '-config', 'openssl.cnf', ...files, ...dates);
    return {
      key: readFileSync(join(directory, 'key.pem'), 'utf8'),
      cert: readFileSync(join(directory, 'cert.pem'), 'utf8'),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
