import type { Estimate, Spread } from './statistics';

export type Cell = string | number | Spread | Estimate;

/** A part of the results; a row's keys are its columns. */
export interface Chapter {
  title: string;
  explanation: string;
  rows: Record<string, Cell>[];
  targets?: Target[];
  /** What was measured, round by round. */
  rounds?: object;
}

export interface Target {
  what: string;
  target: string;
  measured: Cell;
  isReached: boolean;
}

const getMiddle = (measured: number | Estimate): number =>
  typeof measured === 'number' ? measured : measured.median;

export function atMost(limit: number, what: string, measured: number | Estimate): Target {
  return { what, target: `≤ ${format(limit)}`, measured, isReached: getMiddle(measured) <= limit };
}

export function atLeast(limit: number, what: string, measured: number): Target {
  return { what, target: `≥ ${format(limit)}`, measured, isReached: measured >= limit };
}

/** The whole interval has to be below. */
export function below(limit: number, what: string, measured: Estimate): Target {
  return { what, target: `interval < ${format(limit)}`, measured, isReached: measured.high < limit };
}

export function describeTargets(chapters: readonly Chapter[]): Chapter {
  const targets = chapters.flatMap((chapter) => chapter.targets ?? []);
  return {
    title: 'Targets',
    explanation: 'Measured in this run; the tables below have what is behind them.',
    rows: targets.map(({ what, target, measured, isReached }) => ({
      '': what,
      target,
      measured,
      reached: isReached ? 'yes' : 'no',
    })),
  };
}

export function renderMarkdown(environment: Record<string, string>, chapters: readonly Chapter[]): string {
  const facts = Object.entries(environment).map(([name, value]) => `- ${name}: ${value}`);
  const explanation =
    'Made by `npm run bench`. Medians: (smallest round–largest round), [95% confidence interval]. Ratios are taken within each round, so that what slows the machine down for a while slows both sides.';
  return `${['# Benchmark', explanation, facts.join('\n'), ...chapters.map(renderChapter)].join('\n\n')}\n`;
}

export function renderChapter({ title, explanation, rows }: Chapter): string {
  const columns = Object.keys(rows[0] ?? {});
  const alignments = columns.map((column) => (typeof rows[0]?.[column] === 'string' ? '---' : '---:'));
  const cells = rows.map((row) => columns.map((column) => renderCell(row[column] ?? '')));
  const lines = [columns, alignments, ...cells].map((line) => `| ${line.join(' | ')} |`);
  return `## ${title}\n\n${explanation}\n\n${lines.join('\n')}`;
}

function renderCell(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return format(cell);
  if ('low' in cell) return `${format(cell.median)} [${format(cell.low)}, ${format(cell.high)}]`;
  return `${format(cell.median)} (${format(cell.min)}–${format(cell.max)})`;
}

/** Three digits, and no fractions of large numbers. */
function format(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

/** Lists of numbers in a line each. */
export function renderJSON(results: object): string {
  const round = (_key: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(5)) : value;
  const text = JSON.stringify(results, round, 2);
  return `${text.replace(/\[[\d\s.,e+-]+\]/g, (list) => list.replace(/\s+/g, ' '))}\n`;
}
