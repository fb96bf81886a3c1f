import { loads } from './loads.mjs';

const panels = [
  ...['mixed-lone', 'mixed-16x1', 'mixed-1x32'].map((id) => ({
    title: loads.find((load) => load.id === id).title, unit: 'texts/s', of: (server) => server.loads[id].textsPerSecond, digits: 0,
  })),
  { title: 'steady memory', unit: 'MB RSS, less is better', of: (server) => ({ median: server.residentMb, min: server.residentMb, max: server.residentMb }), digits: 0 },
];

// Pixels of the drawing, which is scaled to the width of the page.
const width = 880, margin = 12, names = 176, values = 52, gap = 28;
const barHeight = 16, barStep = 22, titleHeight = 40, panelGap = 20, headHeight = 46;

/** Two by two panels of bars, with whiskers from minimum to maximum. Colours follow the reader's light or dark theme. */
export function drawChart({ servers, machine, rounds }) {
  const columnWidth = (width - 2 * margin - gap) / 2;
  const panelHeight = titleHeight + servers.length * barStep + panelGap;
  const height = headHeight + 2 * panelHeight;
  const drawn = panels.map((panel, i) => drawPanel(panel, servers, margin + (i % 2) * (columnWidth + gap), headHeight + Math.floor(i / 2) * panelHeight, columnWidth));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Texts a second and memory of ActorEmbed and its peers">
<style>
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 13px; }
  .note { fill: #59636e; }
  .peer { fill: #9aa4af; } .quantized { fill: #bcc4cc; }
  .own { fill: #2f6fde; } .own.quantized { fill: #12936f; }
  .whisker { stroke: #1f2328; stroke-width: 1; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .note { fill: #9198a1; } .whisker { stroke: #e6edf3; }
    .peer { fill: #6e7681; } .quantized { fill: #545b64; } .own { fill: #4c8dff; } .own.quantized { fill: #2fb98e; }
  }
</style>
<text x="${margin}" y="18" class="title">Embedding texts of mixed lengths on ${machine.cores} cores</text>
<text x="${margin}" y="35" class="note">${escape(machine.cpu)}; XLM-RoBERTa base with random weights; medians of ${rounds} rounds, whiskers from minimum to maximum</text>
${drawn.join('\n')}
</svg>
`;
}

function drawPanel({ title, unit, of, digits }, servers, left, top, columnWidth) {
  const most = Math.max(...servers.map((server) => of(server).max));
  const scale = (columnWidth - names - values) / most;
  const bars = servers.map((server, row) => {
    const { median, min, max } = of(server);
    const y = top + titleHeight + row * barStep;
    const middle = y + barHeight / 2;
    const bar = left + names;
    const style = [server.own ? 'own' : 'peer', ...(server.exact ? [] : ['quantized'])].join(' ');
    const whisker = max > min ? `<path class="whisker" d="M${at(bar + min * scale)} ${middle}H${at(bar + max * scale)}"/>` : '';
    return `<text x="${bar - 8}" y="${middle + 4}" text-anchor="end"${server.own ? ' class="title"' : ''}>${escape(server.name)}</text>`
      + `<rect class="${style}" x="${bar}" y="${y}" width="${at(Math.max(1, median * scale))}" height="${barHeight}" rx="2"/>${whisker}`
      + `<text x="${at(bar + max * scale + 6)}" y="${middle + 4}">${median.toFixed(digits)}</text>`;
  });
  return `<text x="${left}" y="${top + 22}" class="title">${escape(title)} <tspan class="note" font-weight="400">${escape(unit)}</tspan></text>\n${bars.join('\n')}`;
}

const at = (value) => value.toFixed(1);

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
