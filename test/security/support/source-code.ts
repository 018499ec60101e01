import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../../..');

export interface ParsedFile {
  /** From the root of the package. */
  path: string;
  node: ts.SourceFile;
}

/** Every TypeScript file below `directory`, as TypeScript parses it. */
export function parseFiles(directory: string): ParsedFile[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !name.includes('node_modules'))
    .map((name) => parseFile(`${directory}/${name}`));
}

export function parseFile(path: string): ParsedFile {
  return parseText(path, readFileSync(join(root, path), 'utf8'));
}

export function parseText(path: string, text: string): ParsedFile {
  return { path, node: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
}

/** Everything that `read` finds anywhere in the file. */
export function collect<Found>({ node }: ParsedFile, read: (node: ts.Node) => Found | undefined): Found[] {
  const found: Found[] = [];
  const visit = (child: ts.Node): void => {
    const value = read(child);
    if (value !== undefined) found.push(value);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}
