import fc from 'fast-check';

/** What would be a tag, a header or a way out of an attribute if it were written somewhere as it is. */
const markup = '<script>alert(1)</script>';
const injectedHeader = '\r\ninjected: yes';

const notorious = [
  ...['', '%', '%00', '%E0%A4%A', '[]', '{}', 'null', '\0', '\ud800', '\u2028', '\u202e'],
  ...['__proto__', 'constructor', 'toString', '//evil.example', 'javascript:alert(1)'],
  ...[markup, `"><img src=x onerror=alert(1)>`, injectedHeader, `\r\n\r\n${markup}`],
  ...['🔑'.repeat(20), 'a'.repeat(3000)],
];

/** Text of any kind, half of it of the kinds that have broken something somewhere. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...notorious),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.tuple(fc.string(), fc.constantFrom(...notorious), fc.string()).map((parts) => parts.join('')),
);

/** Any JSON, also with the keys that objects have by themselves. */
export const anyJSON: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  hostileText,
  fc.dictionary(fc.constantFrom('toString', 'valueOf', 'then', 'toJSON', 'length'), fc.jsonValue({ maxDepth: 1 })),
  fc.constantFrom('{"__proto__":{"polluted":true}}').map((text) => JSON.parse(text) as unknown),
);

/** `text` with one character changed, taken out or put in, or cut in two. */
export function mutate(text: string): fc.Arbitrary<string> {
  return fc
    .record({
      at: fc.nat({ max: text.length }),
      by: fc.constantFrom(...'aA0_-.=; %"'),
      how: fc.nat({ max: 3 }),
    })
    .map(({ at, by, how }) => {
      const [head, tail] = [text.slice(0, at), text.slice(at)];
      return [head + by + tail.slice(1), head + tail.slice(1), head + by + tail, head][how] as string;
    });
}

/** As it may stand in a header that Node's server lets in: latin1 without control characters. */
export function toHeaderValue(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '');
}
