import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { drawRandomBytes } from './random';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals text with AES-256-GCM so that it can be neither read nor changed nor moved to another context.
 *
 * A sealed text is nonce, ciphertext and tag, in base64url. There is one key per secret and purpose. Nonces are random:
 * at 1,000 texts a second it takes 50 days to reach the 2^32 that one key allows.
 *
 * @see RFC 5869 (HKDF); NIST SP 800-38D, section 8.3
 */
export class Sealer {
  readonly #keys: readonly KeyObject[];

  /**
   * @param secrets the first seals, all open: put a new one in front and drop the old one later
   * @param purpose separates the keys of different uses of one secret
   */
  constructor(secrets: readonly string[], purpose: string) {
    this.#keys = secrets.map((secret) =>
      createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `passport-metafy ${purpose}`, 32))),
    );
  }

  /** @param context what the text belongs to, authenticated as additional data (AAD); opening needs the same */
  seal(text: string, context: string): string {
    const nonce = drawRandomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#keys[0] as KeyObject, nonce, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(context));
    const ciphertext = cipher.update(text, 'utf8');
    // Nothing is left to come: this mode has no padding.
    cipher.final();
    return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url');
  }

  /** The text, or `undefined` when `sealed` was not made by `seal` under one of the secrets and this context. */
  open(sealed: string, context: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    // Node skips what is not base64url; a changed text must not open even where the change is skipped.
    if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== sealed) return undefined;
    for (const key of this.#keys) {
      const text = decrypt(key, bytes, context);
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

function decrypt(key: KeyObject, bytes: Buffer, context: string): string | undefined {
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return text.toString();
}
