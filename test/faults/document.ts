import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CallName, calls } from './calls';
import { countRequests } from './cell';
import type { Failure, Outcome } from './expectations';
import { renderTable } from './markdown';
import { faults } from './matrix';

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

/** The table of the fault matrix, below the number of its cells. */
export function renderMatrix(): string {
  const names = Object.keys(calls) as CallName[];
  const header = ['Metafy …', ...names.map((name) => calls[name].heading)];
  const rows = faults.map(({ title, outcomes }) => [title, ...names.map((name) => renderCell(outcomes[name], name))]);
  const count = `${faults.length} faults × ${names.length} calls = ${faults.length * names.length} tests:`;
  return `${count}\n\n${renderTable(header, rows)}`;
}

function renderCell(outcome: Outcome, call: CallName): string {
  if (outcome === 'succeeds') return 'succeeds';
  const { code, status, upstreamStatus } = outcome;
  const count = countRequests(outcome, call);
  const details = [
    upstreamStatus && `Metafy: ${upstreamStatus}`,
    renderDelay(outcome),
    count > 1 && `${count}×`,
  ].filter(Boolean);
  const end = `${code ? `\`${code}\`` : '`fail`'} → ${status}`;
  return details.length > 0 ? `${end} (${details.join(', ')})` : end;
}

function renderDelay({ retryAfterMs }: Failure): string | undefined {
  if (retryAfterMs === undefined) return undefined;
  const ms = typeof retryAfterMs === 'object' ? retryAfterMs.atMost : retryAfterMs;
  return `wait ${ms / 1000} s`;
}

// `node --require @swc-node/register test/faults/document.ts` writes the table.
if (require.main === module) writeSection('fault matrix', renderMatrix());
