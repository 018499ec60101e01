import { expect } from 'chai';
import { findEndless } from './support/expression-run';
import { makeHostileInputs } from './support/hostile-inputs';
import {
  type ComputedExpression,
  type FoundExpression,
  findExpressions,
} from './support/regular-expressions';
import { parseFiles, parseText } from './support/source-code';

const length = 1_000_000;
/** To stop what does not end. A linear expression needs seconds for all its inputs, a quadratic one many minutes for one. */
const limitMs = 60_000;

/** Expressions that the source puts together at run time, with every form they can take. */
const computed: Record<string, string[]> = {
  'src/response-error.ts: new RegExp(`[ ,]${name}="([^"\\\\\\\\]{0,500})"`)': [
    'error',
    'error_description',
  ].map((name) => `[ ,]${name}="([^"\\\\]{0,500})"`),
};

describe('ReDoS (CWE-1333; OWASP Regular Expression Denial of Service)', function () {
  this.timeout(2 * limitMs);
  const found = [...parseFiles('src'), ...parseFiles('examples/readme')].flatMap(findExpressions);
  const isLiteral = (one: FoundExpression | ComputedExpression): one is FoundExpression => 'source' in one;

  it('is looked for in every expression: those that are made at run time are known', () => {
    const names = found.filter((one) => !isLiteral(one)).map(({ name }) => name);
    expect(names).to.deep.equal(Object.keys(computed));
  });

  const variants = Object.entries(computed).flatMap(([name, sources]) =>
    sources.map((source) => ({ name: `${name} as ${source}`, source, flags: '' })),
  );
  for (const expression of [...found.filter(isLiteral), ...variants]) {
    it(`is not in ${expression.name}, which is done with 1 MB of anything`, async () => {
      const inputs = makeHostileInputs(expression.source);
      expect(await findEndless(expression, inputs, { length, limitMs })).to.equal(undefined);
    });
  }

  for (const source of ['\\s*,', '^(a+)+$', '^https:\\/\\/(\\w+\\.?)+$', '"(\\\\.|[^"])*$', '=.*=.*=z']) {
    it(`would be found in /${source}/`, async () => {
      const inputs = makeHostileInputs(source);
      // What ends at all ends sooner on a machine that has nothing else to do.
      expect(await findEndless({ source, flags: '' }, inputs, { length, limitMs: 1500 })).not.to.equal(
        undefined,
      );
    });
  }

  it('would be looked for in an expression that is new, however it is written', () => {
    const text = 'a.test(/x+/g); RegExp(b); new RegExp("c"); d.match("e"); /* /f/ */ "/g/";';
    const names = findExpressions(parseText('a.ts', text)).map(({ name }) => name);
    expect(names).to.deep.equal([
      'a.ts: /x+/g',
      'a.ts: RegExp(b)',
      'a.ts: new RegExp("c")',
      'a.ts: d.match("e")',
    ]);
  });
});
