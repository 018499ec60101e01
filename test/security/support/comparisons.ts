import ts from 'typescript';
import { collect, type ParsedFile } from './source-code';

const equality = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
const comparingMethods = new Set([
  'equals',
  'compare',
  'localeCompare',
  'includes',
  'indexOf',
  'startsWith',
  'endsWith',
]);
const secretName =
  /secret|token(?!_type|Type)|verifier|challenge|handle|sealed|\bcode\b|\bstate\b|signature|\btag\b|digest|hash|cookie/i;

/** Comparisons in which a name of a secret takes part, with the source as it is written. */
export function findSecretComparisons(file: ParsedFile): string[] {
  return collect(file, (node) => {
    const operands = listOperands(node);
    const isOfValues = operands.length > 0 && !operands.some(isNothing);
    if (!isOfValues || !operands.some((operand) => secretName.test(operand.getText()))) return undefined;
    return `${file.path}: ${node.getText().replace(/\s+/g, ' ')}`;
  });
}

function listOperands(node: ts.Node): ts.Expression[] {
  if (ts.isBinaryExpression(node) && equality.has(node.operatorToken.kind)) return [node.left, node.right];
  if (ts.isCaseClause(node)) return [node.expression, node.parent.parent.expression];
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  return comparingMethods.has(name.text) ? [expression, ...node.arguments] : [];
}

// Whether there is a value at all, and of what type, gives no byte of it away; nor does a constant of the source.
function isNothing(operand: ts.Expression): boolean {
  return (
    ts.isTypeOfExpression(operand) ||
    ts.isLiteralExpression(operand) ||
    (ts.isArrayLiteralExpression(operand) && operand.elements.every(isNothing)) ||
    [ts.SyntaxKind.NullKeyword, ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(
      operand.kind,
    ) ||
    (ts.isIdentifier(operand) && operand.text === 'undefined')
  );
}
