import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../../..');

export interface FoundExpression {
  /** As it is written. */
  text: string;
  /** Absent when it is put together at run time in a way that cannot be read. */
  source?: string;
  flags?: string;
}

/** Every regular expression of the TypeScript files below `directory`, with the file's path. */
export function findExpressionsIn(directory: string): (FoundExpression & { path: string })[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .flatMap((name) => {
      const path = `${directory}/${name}`;
      return findExpressions(readFileSync(join(root, path), 'utf8')).map((found) => ({ path, ...found }));
    });
}

/** Every regular expression in TypeScript: the literals, and what `RegExp`, `match` and the like make of a string. */
export function findExpressions(code: string): FoundExpression[] {
  const found: FoundExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ text: node.text, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    } else if (makesExpression(node)) {
      const source = readPattern(node.arguments?.[0]);
      found.push({ text: node.getText(), source, flags: node.arguments?.[1]?.getText().slice(1, -1) });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, true));
  return found;
}

function makesExpression(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  const { expression, arguments: given = [] } = node;
  if (/^(?:globalThis\.)?RegExp$/.test(expression.getText())) return true;
  const isMatching =
    ts.isPropertyAccessExpression(expression) && /^(match|matchAll|search)$/.test(expression.name.text);
  return isMatching && given.length > 0 && !given.some(ts.isRegularExpressionLiteral);
}

// What a template inserts is taken to be a word.
function readPattern(pattern: ts.Expression | undefined): string | undefined {
  if (!pattern) return undefined;
  if (ts.isStringLiteralLike(pattern)) return pattern.text;
  if (!ts.isTemplateExpression(pattern)) return undefined;
  return [pattern.head.text, ...pattern.templateSpans.map(({ literal }) => literal.text)].join('word');
}
