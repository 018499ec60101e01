import ts from 'typescript';
import { collect, type ParsedFile } from './source-code';

export interface FoundExpression {
  /** File and expression, for titles. */
  name: string;
  source: string;
  flags: string;
}

/** A regular expression that is put together at run time, which nobody can judge from the source alone. */
export interface ComputedExpression {
  /** As it is written. */
  name: string;
}

/** Every regular expression of a file: the literals, and what is made by `RegExp`. */
export function findExpressions(file: ParsedFile): (FoundExpression | ComputedExpression)[] {
  return collect(file, (node) => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const name = `${file.path}: ${node.text}`;
      return { name, source: node.text.slice(1, end), flags: node.text.slice(end + 1) };
    }
    if (makesExpression(node)) return { name: `${file.path}: ${node.getText().replace(/\s+/g, ' ')}` };
    return undefined;
  });
}

// `match`, `matchAll` and `search` make one of a string.
function makesExpression(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  const { expression } = node;
  if (/^(?:globalThis\.)?RegExp$/.test(expression.getText())) return true;
  const given = node.arguments ?? [];
  const isMatching =
    ts.isPropertyAccessExpression(expression) &&
    ['match', 'matchAll', 'search'].includes(expression.name.text);
  return isMatching && given.length > 0 && !given.some(ts.isRegularExpressionLiteral);
}
