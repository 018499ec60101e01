import { type Phase, phases } from './chapters/comparison';
import { contenders } from './contenders';
import type { Table } from './report';
import { toSpread } from './statistics';

/* A bar chart by hand: a panel for each phase, a bar for each contender, a line from its smallest round to its largest. */

const [labelWidth, barWidth, rowHeight, headHeight] = [250, 470, 22, 46];
const width = labelWidth + barWidth + 80;

// In an `<img>` the colors follow the reader's system; without that they are readable on both grounds.
const style = `text { font: 13px system-ui, sans-serif; fill: #57606a } .title { font-weight: 600 }
  .ours { fill: #8250df } .other { fill: #8c959f } .range { stroke: #57606a; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) { text { fill: #adb5bd } .range { stroke: #adb5bd }
    .ours { fill: #a371f7 } .other { fill: #6e7781 } }`;

/** Not the variants of this package's strategy, which only the table has. */
const shown = contenders.filter(({ name }) => !/^passport-metafy (?:beside|with)/.test(name));

export function renderChart(costs: Table): string {
  const panelHeight = headHeight + shown.length * rowHeight + 14;
  const height = phases.length * panelHeight;
  const panels = phases.map((phase, index) => renderPanel(costs, phase, index * panelHeight));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>CPU of the server per request, passport-metafy beside other strategies</title>
<style>${style}</style>
${panels.join('\n')}
</svg>
`;
}

/** The cheapest first. */
function renderPanel(costs: Table, phase: Phase, top: number): string {
  const bars = shown.map(({ name, kind }) => ({ name, kind, ...toSpread(costs.of(name, phase)[0] ?? []) }));
  bars.sort((a, b) => a.median - b.median);
  const scale = barWidth / Math.max(...bars.map(({ max }) => max));
  const toX = (ms: number) => Math.round(labelWidth + ms * scale);
  const rows = bars.map(({ name, kind, median, min, max }, index) => {
    const y = top + headHeight + index * rowHeight;
    return `<text x="${labelWidth - 8}" y="${y + 13}" text-anchor="end"${kind === 'ours' ? ' class="title"' : ''}>${name}</text>
<rect class="${kind === 'ours' ? kind : 'other'}" x="${labelWidth}" y="${y}" width="${toX(median) - labelWidth}" height="16" rx="2"/>
<line class="range" x1="${toX(min)}" x2="${toX(max)}" y1="${y + 8}" y2="${y + 8}"/><text x="${toX(max) + 8}" y="${y + 13}">${median.toPrecision(3)}</text>`;
  });
  const title = `${phase === 'redirect' ? 'Redirect' : 'Callback'}: CPU ms per request, less is better`;
  return [`<text class="title" x="${labelWidth}" y="${top + 30}">${title}</text>`, ...rows].join('\n');
}
