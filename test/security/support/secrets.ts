import { inspect } from 'node:util';

/** Secrets that are easy to find: all begin with the same word. PKCE verifiers are random, and looked for beside them. */
export const secrets = {
  clientSecret: 'canary-client-secret-8b1f',
  cookieSecret: 'canary-secret-of-the-cookies-8b1f',
  storeSecret: 'canary-secret-of-the-token-store-8b1f',
  code: 'canary-authorization-code-8b1f',
  accessToken: 'canary-access-token-8b1f',
  refreshToken: 'canary-refresh-token-8b1f',
  proxyPassword: 'canary-password-of-the-proxy-8b1f',
};

/** The secrets as they are; in hexadecimal, as a Buffer prints itself too; and in base64 at each offset. */
const forms = [
  'canary',
  ...['canary-client', 'canary-access', 'canary-refresh'].flatMap((start) => {
    const hex = Buffer.from(start).toString('hex');
    const base64 = [0, 1, 2].map((offset) =>
      Buffer.from('-'.repeat(offset) + start)
        .toString('base64')
        .slice(offset === 0 ? 0 : 4, -4),
    );
    return [hex, hex.replace(/..(?=.)/g, '$& '), ...base64];
  }),
];

/** Which secrets `text` shows, in any form. */
export function findSecrets(text: string, verifiers: string[] = []): string[] {
  const lowerCase = text.toLowerCase();
  return [...forms, ...verifiers].filter((form) => lowerCase.includes(form.toLowerCase()));
}

/** The PKCE verifiers in the bodies of token requests. */
export function listVerifiers(requests: string[]): string[] {
  return [...requests.join().matchAll(/"code_verifier":"([^"]+)"/g)].map(([, verifier = '']) => verifier);
}

/** Everything that an application may print of a value, an error above all. */
export function print(value: unknown): string {
  const texts = [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    inspect([value], { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true, sorted: true }),
    `${value}`,
    toJSON(value),
  ];
  for (let error = value; error instanceof Error; error = error.cause) {
    texts.push(`${error.name} ${error.message} ${error.stack}`);
    texts.push(
      ...Object.entries(Object.getOwnPropertyDescriptors(error)).map(([name, { value }]) => `${name}: ${value}`),
    );
  }
  return texts.join('\n');
}

function toJSON(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // A request with its socket, for example, is circular.
    return '';
  }
}
