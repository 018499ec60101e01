import type { Cell, Chapter } from '../chapters/chapter';
import { isSpread } from '../statistics';

export function renderMarkdown(environment: Record<string, string>, chapters: Chapter[]): string {
  const facts = Object.entries(environment).map(([name, value]) => `- ${name}: ${value}`);
  return [
    '# Benchmark',
    'Made by `npm run bench`. Medians, with the smallest and the largest round in parentheses.',
    facts.join('\n'),
    ...chapters.map(renderChapter),
  ]
    .join('\n\n')
    .concat('\n');
}

function renderChapter({ title, explanation, rows }: Chapter): string {
  const columns = Object.keys(rows[0] ?? {});
  const isText = columns.map((column) => typeof rows[0]?.[column] === 'string');
  const lines = [
    columns,
    isText.map((left) => (left ? '---' : '---:')),
    ...rows.map((row) => columns.map((column) => renderCell(row[column] ?? ''))),
  ];
  return `## ${title}\n\n${explanation}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`;
}

export function renderCell(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (!isSpread(cell)) return renderNumber(cell);
  return `${renderNumber(cell.median)} (${renderNumber(cell.min)}–${renderNumber(cell.max)})`;
}

/** Three digits that mean something, and no fractions of large numbers. */
function renderNumber(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
