import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CallName, calls } from './calls';
import { countRequests } from './cell';
import type { Outcome } from './expectations';
import { faults } from './matrix';

const path = join(__dirname, '../../docs/faults.md');
const [start, end] = ['<!-- fault matrix: generated -->', '<!-- end of fault matrix -->'];

export function readDocument(): string {
  return readFileSync(path, 'utf8');
}

/** `document` with the table of the fault matrix, below the number of its cells, between its marks. */
export function renderDocument(document: string): string {
  const names = Object.keys(calls) as CallName[];
  const header = ['Metafy …', ...names.map((name) => calls[name].heading)];
  const rows = faults.map(({ title, outcomes }) => [title, ...names.map((name) => renderCell(outcomes[name], name))]);
  const count = `${faults.length} faults × ${names.length} calls = ${faults.length * names.length} tests:`;
  const [before, after] = [document.split(start)[0], document.split(end)[1]];
  return `${before}${start}\n\n${count}\n\n${renderTable([header, ...rows])}\n\n${end}${after}`;
}

function renderCell(outcome: Outcome, call: CallName): string {
  if (typeof outcome === 'string') return outcome;
  const { code, status, upstreamStatus, retryAfterMs = 0 } = outcome;
  const delayMs = typeof retryAfterMs === 'object' ? retryAfterMs.atMost : retryAfterMs;
  const count = countRequests(outcome, call);
  const details = [
    upstreamStatus && `Metafy: ${upstreamStatus}`,
    delayMs && `wait ${delayMs / 1000} s`,
    count > 1 && `${count}×`,
  ].filter(Boolean);
  return `\`${code ?? 'fail'}\` → ${status}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

/** A table whose columns line up, so that it can be read as text as well. */
function renderTable(rows: readonly string[][]): string {
  const [header = [], ...body] = rows;
  const widths = header.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = [header, widths.map((width) => '-'.repeat(width)), ...body].map((cells) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)),
  );
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

// `npm run faults` writes the table.
if (require.main === module) writeFileSync(path, renderDocument(readDocument()));
