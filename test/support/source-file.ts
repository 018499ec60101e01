import { posix } from 'node:path';
import ts from 'typescript';

/** What a source file takes from another module. */
export interface Import {
  /** As written, without `node:`. */
  module: string;
  /** A path such as `src/http.ts` when the module is a file of this package. */
  path: string | undefined;
  /** The names taken; `*` for all of them or for the effect alone. */
  names: string[];
  /** Whether nothing of it is left at run time. */
  isType: boolean;
}

export interface SourceFile {
  path: string;
  lineCount: number;
  imports: Import[];
  /** Every identifier in it, for what is used without an import. */
  identifiers: Set<string>;
}

/** Reads a file with TypeScript's own parser: comments and strings that look like imports are none. */
export function readSourceFile(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const identifiers = new Set<string>();
  const add = (literal: ts.Node | undefined, names: string[], isType: boolean): void => {
    // A module that is computed cannot be judged, so it is one that no rule allows.
    const written = literal && ts.isStringLiteralLike(literal) ? literal.text : '?';
    imports.push({
      module: written.replace(/^node:/, ''),
      path: written.startsWith('.') ? toPath(path, written) : undefined,
      names,
      isType,
    });
  };

  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) identifiers.add(node.text);
    if (ts.isImportDeclaration(node)) {
      const { names, isType } = readClause(node.importClause);
      add(node.moduleSpecifier, names, isType);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      const elements =
        node.exportClause && ts.isNamedExports(node.exportClause) && node.exportClause.elements;
      const isType = node.isTypeOnly || (elements ? elements.every((element) => element.isTypeOnly) : false);
      add(node.moduleSpecifier, ['*'], isType);
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node.moduleReference.expression, ['*'], node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, ['*'], true);
    } else if (ts.isCallExpression(node) && isLoader(node.expression)) {
      add(node.arguments[0], ['*'], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return { path, lineCount: text.split('\n').length - 1, imports, identifiers };
}

function isLoader(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function readClause(clause: ts.ImportClause | undefined): { names: string[]; isType: boolean } {
  const bindings = clause?.namedBindings;
  if (!clause || clause.name || !bindings || !ts.isNamedImports(bindings)) {
    return { names: ['*'], isType: clause?.phaseModifier === ts.SyntaxKind.TypeKeyword };
  }
  const isTypeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const values = bindings.elements.filter((element) => !isTypeOnly && !element.isTypeOnly);
  return {
    names: values.map((element) => (element.propertyName ?? element.name).text),
    isType: values.length === 0 && (isTypeOnly || bindings.elements.length > 0),
  };
}

function toPath(from: string, module: string): string {
  const path = posix.join(posix.dirname(from), module);
  return /\.\w+$/.test(path) ? path : `${path}.ts`;
}
