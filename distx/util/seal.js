"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Sealer = void 0;
const node_crypto_1 = require("node:crypto");
const random_1 = require("./random");
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
class Sealer {
    #keys;
    constructor(secrets, purpose) {
        this.#keys = secrets.map((secret) => (0, node_crypto_1.createSecretKey)(Buffer.from((0, node_crypto_1.hkdfSync)('sha256', secret, '', `passport-metafy ${purpose}`, 32))));
    }
    seal(text, context) {
        const nonce = (0, random_1.drawRandomBytes)(nonceBytes);
        const cipher = (0, node_crypto_1.createCipheriv)(algorithm, this.#keys[0], nonce, { authTagLength: tagBytes });
        cipher.setAAD(Buffer.from(context));
        const ciphertext = cipher.update(text, 'utf8');
        cipher.final();
        return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]).toString('base64url');
    }
    open(sealed, context) {
        const bytes = Buffer.from(sealed, 'base64url');
        if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== sealed)
            return undefined;
        for (const key of this.#keys) {
            const text = decrypt(key, bytes, context);
            if (text !== undefined)
                return text;
        }
        return undefined;
    }
}
exports.Sealer = Sealer;
function decrypt(key, bytes, context) {
    const decipher = (0, node_crypto_1.createDecipheriv)(algorithm, key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
    try {
        decipher.final();
    }
    catch {
        return undefined;
    }
    return text.toString();
}
