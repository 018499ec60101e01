import type { ParameterEntry } from './parameters';

/** What stands where a secret stood. It says nothing about the secret, not even its length. */
const MASK = '[masked]';

const SENSITIVE_NAME =
  /secret|token|passw|passphrase|authorization|cookie|assertion|verifier|credential|api[-_]?key|^\s*code\s*(\[|$)/i;
const HARMLESS_NAMES = new Set(['token_type_hint', 'token_type']);

/** Deeper than this nothing is worth showing, and a hostile body could exhaust the stack. */
const DEPTH_LIMIT = 8;

/** The length of everything the emulator issues. */
const TOKEN_LENGTH = 43;

/** What may be known of a request once its secrets are gone. */
export class Masker {
  readonly #isIssued: (value: string) => boolean;
  readonly #clientSecrets: readonly string[];

  /**
   * @param isIssued whether a value is a code or token of this emulator; such values are masked wherever they are
   * @param clientSecrets masked wherever they are as well, unless so short that they could be any word
   */
  constructor(isIssued: (value: string) => boolean, clientSecrets: readonly string[]) {
    this.#isIssued = isIssued;
    this.#clientSecrets = clientSecrets.filter((secret) => secret.length >= 8);
  }

  /** Text without the secrets this emulator knows. */
  maskText(text: string): string {
    const withoutTokens = text.replace(/[\w-]{43,}/g, (run) => this.#maskTokens(run));
    return this.#clientSecrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), withoutTokens);
  }

  /** Parameters as an object, a list where a name came twice; what has a telling name is masked whole. */
  maskParameters(entries: readonly ParameterEntry[]): Record<string, unknown> {
    const method = entries.find(([name]) => name === 'code_challenge_method')?.[1];
    const collected = new Map<string, unknown[]>();
    for (const [name, value] of entries) {
      // Unless it is a hash, the challenge is the verifier.
      const isVerifier = name === 'code_challenge' && method !== 'S256';
      const masked = isVerifier ? MASK : this.#maskMember(name, value, 0);
      const key = this.maskText(name);
      collected.set(key, [...(collected.get(key) ?? []), masked]);
    }
    return Object.fromEntries(
      [...collected].map(([key, values]) => [key, values.length > 1 ? values : values[0]]),
    );
  }

  /** Headers without credentials; of a referring URL only what comes before its query. */
  maskHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => {
        if (isSensitive(name)) return [name, MASK];
        const text = this.maskText(String(value));
        return [name, name === 'referer' ? text.replace(/\?.*/s, `?${MASK}`) : text];
      }),
    );
  }

  #maskMember(name: string, value: unknown, depth: number): unknown {
    return isSensitive(name) ? MASK : this.#maskValue(value, depth);
  }

  #maskValue(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.maskText(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= DEPTH_LIMIT) return '[nested too deeply]';
    if (Array.isArray(value)) return value.map((item) => this.#maskValue(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        this.maskText(name),
        this.#maskMember(name, member, depth + 1),
      ]),
    );
  }

  #maskTokens(run: string): string {
    for (let start = 0; start + TOKEN_LENGTH <= run.length; start += 1) {
      const end = start + TOKEN_LENGTH;
      if (!this.#isIssued(run.slice(start, end))) continue;
      return run.slice(0, start) + MASK + this.#maskTokens(run.slice(end));
    }
    return run;
  }
}

function isSensitive(name: string): boolean {
  return SENSITIVE_NAME.test(name) && !HARMLESS_NAMES.has(name);
}
