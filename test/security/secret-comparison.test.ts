import { expect } from 'chai';
import ts from 'typescript';
import { Sealer } from '../../src/seal';
import { findSecretComparisons } from './support/comparisons';
import { collect, parseFile, parseFiles, parseText } from './support/source-code';

/** Why the time that each takes tells a stranger nothing. */
const harmless: Record<string, string> = {
  'src/response-error.ts: text.includes(secret)': 'looks for our secrets in what Metafy says, who knows them',
  'src/rotation.ts: current?.refreshToken !== refreshToken': 'both come from the application’s own store',
  'src/session-state-store.ts: login.handle !== providedState':
    'random and of one session, whose cookie a stranger would have to send along',
  'src/user-tokens.ts: token === revoked': 'both come from the application’s own store',
  'src/user-tokens.ts: tokens?.accessToken !== refused?.accessToken':
    'both come from the application, one of them by way of its store',
};

describe('timing of secret comparison (RFC 6819, section 5.1.4.2.2; CWE-208)', () => {
  it('compares no secret with what a stranger sends, other than those listed here with the reason', () => {
    const comparisons = parseFiles('src')
      .filter(({ path }) => !path.startsWith('src/emulator/'))
      .flatMap(findSecretComparisons);
    expect(comparisons.sort()).to.deep.equal(Object.keys(harmless).sort());
  });

  it('would find one that is new', () => {
    for (const comparison of [
      'login.verifier === given',
      'given != clientSecret',
      'sealed.startsWith(given)',
      'Buffer.compare(given, tag)',
      'tag.equals(given)',
    ]) {
      expect(findSecretComparisons(parseText('a.ts', comparison)), comparison).to.have.length(1);
    }
  });

  it('leaves it to the tag of AES-256-GCM, which OpenSSL compares in constant time, to know a sealed value', () => {
    const ciphers = collect(parseFile('src/seal.ts'), (node) => {
      if (!ts.isCallExpression(node) || !/^create(Dec|C)ipher/.test(node.expression.getText()))
        return undefined;
      return [node.expression, node.arguments[0], node.arguments[3]].map((part) =>
        part?.getText().replace(/\s+/g, ' ').replace(', }', ' }'),
      );
    });
    const parameters = ["'aes-256-gcm'", '{ authTagLength: tagBytes }'];
    expect(ciphers.map(([, ...rest]) => rest.join())).to.deep.equal([parameters.join(), parameters.join()]);
  });

  it('takes no shorter tag, which would be easier to guess', () => {
    const sealer = new Sealer('a secret', 'the test');
    const sealed = sealer.seal('text', 'context');
    const opened = Array.from({ length: sealed.length }, (_, length) =>
      sealer.open(sealed.slice(0, length), 'context'),
    );
    expect(new Set(opened)).to.deep.equal(new Set([undefined]));
    expect(sealer.open(sealed, 'context')).to.equal('text');
  });
});
