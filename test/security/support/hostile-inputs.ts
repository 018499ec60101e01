/** A text of `count` times `pump` between a head and a tail; small enough to be handed to a worker. */
export interface HostileInput {
  head: string;
  pump: string;
  tail: string;
}

/** Characters of every common class, of which one or another is sure to be what an expression repeats. */
const ordinary = [
  'a',
  'A',
  '0',
  ' ',
  '\t',
  '\n',
  '-',
  '.',
  ',',
  '"',
  '\\',
  '/',
  ':',
  '=',
  '\0',
  'é',
  '\u2028',
];

/**
 * Inputs in which an expression that backtracks too much would do so: a beginning that it takes, a long run of what
 * it repeats, and an end that it does not take. All are made of the expression's own characters.
 */
export function makeHostileInputs(source: string): HostileInput[] {
  const literals = listLiterals(source);
  const own = [...new Set(literals.join(''))].slice(0, 8);
  const characters = [...new Set([...own, ...ordinary])];
  const pairs = own.flatMap((one) => own.map((other) => one + other)).slice(0, 12);
  const heads = ['', ...new Set([...literals, literals.join(''), literals.join('a'), 'a'])];
  return [...characters, ...pairs, ...literals].flatMap((pump) =>
    heads.slice(0, 4).flatMap((head) => ['', '\0a\n\0"'].map((tail) => ({ head, pump, tail }))),
  );
}

/** The runs of characters that stand for themselves in `source`. */
function listLiterals(source: string): string[] {
  const text = source
    .replace(/\\[pPu]\{[^}]*\}|\\[dDwWsSbB]|\(\?[:=!<]+/g, '\0')
    .replace(/\\x([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(.)/g, '$1');
  return text.split(/[\0()|*+?^$[\]{}]+/).filter((run) => run !== '');
}
