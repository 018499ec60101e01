import { inspect } from 'node:util';

/** Every secret has this word in it, but for the verifier, which is random. */
const word = 'canary';

export const canaries = {
  clientSecret: 'canary-client-secret-8b1f',
  cookieKey: 'canary-cookie-key-8b1f',
  tokenKey: 'canary-key-of-the-token-store-8b1f',
  code: 'canary-authorization-code-8b1f',
  accessToken: 'canary-access-token-8b1f',
  refreshToken: 'canary-refresh-token-8b1f',
  proxyPassword: 'canary-password-of-the-proxy-8b1f',
};

/** What secrets look like in other clothes: hexadecimal, as a Buffer prints itself, and base64 at each offset. */
const disguises = [
  word,
  ...['canary-client', 'canary-access', 'canary-refresh'].flatMap((start) => [
    Buffer.from(start).toString('hex'),
    Buffer.from(start)
      .toString('hex')
      .replace(/..(?=.)/g, '$& '),
    ...[0, 1, 2].map((offset) =>
      Buffer.from('-'.repeat(offset) + start)
        .toString('base64')
        .slice(offset === 0 ? 0 : 4, -4),
    ),
  ]),
];

/** Which secrets `text` shows, in any form. */
export function findShown(text: string, verifiers: Iterable<string> = []): string[] {
  const isShown = (form: string): boolean => text.toLowerCase().includes(form.toLowerCase());
  return [...disguises, ...verifiers].filter(isShown);
}

/** Everything that an application may print of a value, an error above all. */
export function print(value: unknown): string {
  const texts = [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true, sorted: true }),
    inspect({ nested: [value] }, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    `${value}`,
    toJSON(value),
  ];
  for (let error = value; error instanceof Error; error = error.cause) {
    texts.push(error.message, `${error.stack}`, `${error.name}`);
    texts.push(
      ...Object.getOwnPropertyNames(error).map((name) => `${name}: ${Reflect.get(error as object, name)}`),
    );
  }
  return texts.join('\n');
}

function toJSON(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // A request with its socket, for example, leads back to itself.
    return '';
  }
}
