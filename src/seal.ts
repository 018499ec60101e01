import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { requireText } from './options';
import { takeRandomBytes } from './random';

const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals text with AES-256-GCM so that it can be neither read nor changed nor moved to another context.
 *
 * A sealed text is base64url of salt, nonce, ciphertext and tag. Each text has its own key, expanded from the
 * secret's with a random salt, so that no key/nonce pair repeats however many texts there are.
 *
 * @see RFC 5869 (HKDF); NIST SP 800-38D, section 8, for the limit on random nonces under one key
 */
export class Sealer {
  readonly #keys: KeyObject[];

  /**
   * @param secrets the first seals, all open: put a new one in front and drop the old one later
   * @param purpose separates the keys of different uses of one secret
   * @throws TypeError when there is no secret or one is empty
   */
  constructor(secrets: string | readonly string[], purpose: string) {
    const list = typeof secrets === 'string' ? [secrets] : secrets;
    if (!Array.isArray(list) || list.length === 0) {
      throw new TypeError('option `secret` must be a string or a list of strings, the newest first');
    }
    this.#keys = list.map((secret) => deriveKey(requireText('secret', secret), purpose));
  }

  /** @param context what the text belongs to; opening needs the same */
  seal(text: string, context: string): string {
    const random = takeRandomBytes(saltBytes + nonceBytes);
    const key = expandKey(this.#keys[0] as KeyObject, random.subarray(0, saltBytes));
    const cipher = createCipheriv('aes-256-gcm', key, random.subarray(saltBytes), {
      authTagLength: tagBytes,
    });
    cipher.setAAD(Buffer.from(context));
    return Buffer.concat([random, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
      'base64url',
    );
  }

  /** The text, or `undefined` when `sealed` was not made by `seal` under one of the secrets and this context. */
  open(sealed: string, context: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    // Node skips what is not base64url; a changed text must not open even where the change is skipped.
    if (bytes.length < saltBytes + nonceBytes + tagBytes || bytes.toString('base64url') !== sealed)
      return undefined;
    for (const key of this.#keys) {
      const text = decrypt(key, bytes, context);
      if (text !== undefined) return text;
    }
    return undefined;
  }
}

function decrypt(key: KeyObject, bytes: Buffer, context: string): string | undefined {
  const nonce = bytes.subarray(saltBytes, saltBytes + nonceBytes);
  const messageKey = expandKey(key, bytes.subarray(0, saltBytes));
  const decipher = createDecipheriv('aes-256-gcm', messageKey, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    return (
      decipher.update(bytes.subarray(saltBytes + nonceBytes, -tagBytes), undefined, 'utf8') +
      decipher.final('utf8')
    );
  } catch {
    return undefined;
  }
}

function deriveKey(secret: string, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `passport-metafy ${purpose}`, 32)));
}

// HKDF-Expand for one block (RFC 5869, section 2.3): half the time of `hkdfSync`, which would extract again.
function expandKey(key: KeyObject, salt: Buffer): Buffer {
  return createHmac('sha256', key).update(salt).update('\x01').digest();
}
