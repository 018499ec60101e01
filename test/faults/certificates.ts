import { type Certificate, createCertificate } from '../support/certificate';

export type CertificateName = 'right' | 'other host' | 'expired' | 'self-signed';

export type Certificates = Record<CertificateName, Certificate>;

/** One certificate of each kind; `undefined` when openssl is missing, which on CI is an error. */
export function createCertificates(): Certificates | undefined {
  const right = createCertificate('localhost');
  const otherHost = createCertificate('other.example');
  const expired = createCertificate('localhost', -1);
  const selfSigned = createCertificate('localhost');
  if (!right || !otherHost || !expired || !selfSigned) return undefined;
  return { right, 'other host': otherHost, expired, 'self-signed': selfSigned };
}

/** What the client trusts: all but the self-signed one. */
export function listTrusted({ right, expired, 'other host': otherHost }: Certificates): string[] {
  return [right, otherHost, expired].map(({ cert }) => cert);
}
