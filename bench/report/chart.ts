import type { LoginCost, Phase } from '../chapters/logins';

/* A bar chart by hand: one panel for each phase, a bar for each contender, a line from the smallest round to the largest. */

const labelWidth = 250;
const barWidth = 470;
const rowHeight = 22;
const headHeight = 46;
const width = labelWidth + barWidth + 80;

// In an `<img>` the colors follow the reader's system; without that they are readable on both grounds.
const style = `
  text { font: 13px system-ui, sans-serif; fill: #57606a }
  .title { font-weight: 600 }
  .ours { fill: #8250df }
  .peer { fill: #8c959f }
  .floor { fill: #c5ccd3 }
  .range { stroke: #57606a; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #adb5bd }
    .ours { fill: #a371f7 }
    .peer { fill: #6e7781 }
    .floor { fill: #444c56 }
    .range { stroke: #adb5bd }
  }`;

const floorLabels: Record<string, string> = {
  'floor: a bare answer / two bare exchanges': 'no strategy at all',
  'floor: a Passport strategy that checks nothing': 'Passport, nothing checked',
};

/** The contenders that a reader of the README asks about: one bar each, the cheapest first. */
export function renderChart(costs: LoginCost[]): string {
  const shown = costs.filter(
    ({ contender }) => !/^passport-metafy (?:beside|with)|res\.redirect|the same/.test(contender),
  );
  const panelHeight = headHeight + shown.length * rowHeight + 14;
  const height = 2 * panelHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>CPU of the server per request, passport-metafy beside other strategies</title>
<style>${style}
</style>
${renderPanel('Redirect', 'redirect', shown, 0)}
${renderPanel('Callback', 'callback', shown, panelHeight)}
</svg>
`;
}

function renderPanel(title: string, phase: Phase, costs: LoginCost[], top: number): string {
  const sorted = [...costs].sort((a, b) => a[phase].cpuMs.median - b[phase].cpuMs.median);
  const scale = barWidth / Math.max(...sorted.map((cost) => cost[phase].cpuMs.max));
  const rows = sorted.map((cost, index) => {
    const { median, min, max } = cost[phase].cpuMs;
    const y = top + headHeight + index * rowHeight;
    const kind = cost.kind === 'ours' || cost.kind === 'floor' ? cost.kind : 'peer';
    const name = floorLabels[cost.contender] ?? cost.contender;
    const [from, end, to] = [min, median, max].map((ms) => Math.round(labelWidth + ms * scale)) as Three;
    return [
      `<text x="${labelWidth - 8}" y="${y + 13}" text-anchor="end"${kind === 'ours' ? ' class="title"' : ''}>${name}</text>`,
      `<rect class="${kind}" x="${labelWidth}" y="${y}" width="${end - labelWidth}" height="16" rx="2"/>`,
      `<line class="range" x1="${from}" x2="${to}" y1="${y + 8}" y2="${y + 8}"/>`,
      `<text x="${to + 8}" y="${y + 13}">${median.toPrecision(3)}</text>`,
    ].join('');
  });
  const head = `<text class="title" x="${labelWidth}" y="${top + 30}">${title}: CPU ms per request, less is better</text>`;
  return [head, ...rows].join('\n');
}

type Three = [number, number, number];
