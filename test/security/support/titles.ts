import ts from 'typescript';
import { collect, parseFile } from './source-code';

/** Of a title that is mostly computed nothing is left to be recognised. */
const fewestCharacters = 10;

/** The titles of a file's tests, as patterns: where a title has a computed part, it may be anything. */
export function listTitles(path: string): RegExp[] {
  return collect(parseFile(path), (node) => {
    if (!ts.isCallExpression(node) || !/^(?:describe|it)$/.test(node.expression.getText())) return undefined;
    const [title] = node.arguments;
    if (title && ts.isStringLiteralLike(title)) return toPattern([title.text]);
    if (!title || !ts.isTemplateExpression(title)) return undefined;
    return toPattern([title.head.text, ...title.templateSpans.map(({ literal }) => literal.text)]);
  });
}

function toPattern(parts: string[]): RegExp | undefined {
  if (parts.length > 1 && parts.join('').length < fewestCharacters) return undefined;
  return new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`);
}
