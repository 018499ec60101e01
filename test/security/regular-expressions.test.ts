import { expect } from 'chai';
import { isDone } from './support/redos';
import { findExpressions, findExpressionsIn } from './support/regular-expressions';

const length = 200_000;
/** To stop what does not end. A linear expression needs a second for all its inputs, a quadratic one half a minute for each. */
const limitMs = 20_000;

describe('ReDoS (CWE-1333; OWASP Regular Expression Denial of Service)', function () {
  this.timeout(2 * limitMs);

  for (const { path, text, source, flags } of [...findExpressionsIn('src'), ...findExpressionsIn('examples/readme')]) {
    it(`is not in ${path}: ${text}`, async () => {
      if (source === undefined) throw new Error('it is put together at run time: nobody can judge it');
      expect(await isDone({ source, flags }, length, limitMs)).to.equal(true);
    });
  }

  for (const source of ['\\s*,', '^(a+)+$', '"(\\\\.|[^"])*$', '=.*=.*=z']) {
    it(`would be found in /${source}/`, async () => {
      expect(await isDone({ source }, length, 1000)).to.equal(false);
    });
  }

  it('would be looked for in an expression that is new, however it is written', () => {
    const code = `a.test(/x+/g); RegExp(b); new RegExp("c", "i"); d.match(\`e\${f}\`); /* /f/ */ "/g/";`;
    expect(findExpressions(code).map(({ source, flags }) => [source, flags])).to.deep.equal([
      ['x+', 'g'],
      [undefined, undefined],
      ['c', 'i'],
      ['eword', undefined],
    ]);
  });
});
