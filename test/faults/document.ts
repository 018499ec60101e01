import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(__dirname, '../../docs/faults.md');

export function readDocument(): string {
  return readFileSync(path, 'utf8');
}

/** Puts `content` between the marks of `section` in docs/faults.md. */
export function writeSection(section: string, content: string): void {
  writeFileSync(path, replaceSection(readDocument(), section, content));
}

/**
 * `document` with `content` between the marks of `section`.
 *
 * @throws Error when it has no such section
 */
export function replaceSection(document: string, section: string, content: string): string {
  const [start, end] = [`<!-- ${section}: generated -->`, `<!-- end of ${section} -->`];
  const [from, to] = [document.indexOf(start), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no section “${section}”`);
  return `${document.slice(0, from + start.length)}\n\n${content}\n\n${document.slice(to)}`;
}
