import { type Estimate, type Spread, toSpread } from './statistics';

type Cell = string | number | Spread | Estimate;
export type Row = Record<string, Cell>;

/** A part of the results; a row's keys are its columns. */
export interface Chapter {
  title: string;
  explanation: string;
  rows: Row[];
  targets?: Row[];
  /** Round by round, what the intervals were computed from. */
  rounds?: object;
}

/** Collects what is measured round by round: a row for each label, a column for each figure. */
export class Table {
  readonly #rows = new Map<string, { label: Row; figures: Record<string, number[]> }>();

  add(label: Row, figures: Record<string, number>): void {
    const key = JSON.stringify(label);
    const row = this.#rows.get(key) ?? { label, figures: {} };
    this.#rows.set(key, row);
    for (const [column, value] of Object.entries(figures)) {
      row.figures[column] = [...(row.figures[column] ?? []), value];
    }
  }

  /** The figures of the rows that begin with `name`, in the order of the rounds. */
  of(name: string, column: string): number[][] {
    const rows = [...this.#rows.values()].filter(({ label }) => label[''] === name);
    return rows.map(({ figures }) => figures[column] ?? []);
  }

  get rows(): Row[] {
    return [...this.#rows.values()].map(({ label, figures }) => {
      const spreads = Object.entries(figures).map(([column, values]) => [column, toSpread(values)]);
      return { ...label, ...Object.fromEntries(spreads) };
    });
  }
}

/** A limit; `<` is kept when the whole interval is below. */
export function target(what: string, measured: number | Estimate, sign: '≤' | '≥' | '<', limit: number): Row {
  const { median, high } = typeof measured === 'number' ? { median: measured, high: measured } : measured;
  const isReached = { '≤': median <= limit, '≥': median >= limit, '<': high < limit }[sign];
  return { '': what, target: `${sign} ${format(limit)}`, measured, reached: isReached ? 'yes' : 'no' };
}

const explanation =
  'Made by `npm run bench`. Medians, with (the smallest–the largest round) or [the 95% confidence interval]. Ratios are taken within each round.';

export function renderMarkdown(environment: Record<string, string>, chapters: readonly Chapter[]): string {
  const facts = Object.entries(environment).map(([name, value]) => `- ${name}: ${value}`);
  return ['# Benchmark', explanation, facts.join('\n'), ...chapters.map(renderChapter)].join('\n\n');
}

export function renderChapter({ title, explanation, rows }: Chapter): string {
  const columns = Object.keys(rows[0] ?? {});
  const alignments = columns.map((column) => (typeof rows[0]?.[column] === 'string' ? '---' : '---:'));
  const cells = rows.map((row) => columns.map((column) => renderCell(row[column] ?? '')));
  const lines = [columns, alignments, ...cells].map((line) => `| ${line.join(' | ')} |`);
  return `## ${title}\n\n${explanation}\n\n${lines.join('\n')}\n`;
}

function renderCell(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return format(cell);
  if ('low' in cell) return `${format(cell.median)} [${format(cell.low)}, ${format(cell.high)}]`;
  // Where all rounds gave the same, such as a number of requests.
  if (cell.min === cell.max) return format(cell.median);
  return `${format(cell.median)} (${format(cell.min)}–${format(cell.max)})`;
}

/** Three digits, and no fractions of large numbers. */
function format(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
