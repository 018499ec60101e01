/** A table whose columns line up, so that it can be read as text as well. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, index) =>
    Math.max(title.length, ...rows.map((cells) => cells[index]?.length ?? 0)),
  );
  const lines = [header, widths.map((width) => '-'.repeat(width)), ...rows].map((cells) =>
    cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)),
  );
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
