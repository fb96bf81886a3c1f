import { compare } from './comparison.mjs';
import { loads } from './loads.mjs';

/** The report as people read it. */
export function toMarkdown(report) {
  const { machine, servers, leftOut, meanTokens } = report;
  const all = servers.flatMap((server) => Object.values(server.loads));
  const repeats = total(all, 'repeats');
  const disturbed = total(all, 'stayedDisturbed');
  const rows = compare(servers);
  const behind = rows.filter(({ times }) => times < 1.05);
  return `# ActorEmbed and its peers, ${report.date}

${machine.cpu} (${machine.instructionSets.join(', ')}), ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}, .NET SDK ${machine.dotnet}; commit ${machine.commit}.
${report.model}. ${report.threads} threads for every server. Medians over
${report.rounds} interleaved rounds of ${report.seconds} s for each load and server, minimum and maximum in brackets. Others used at most
${percent(Math.max(...all.map(({ others }) => others)))} of the machine during a measurement; ${repeats} measurements were repeated because of it, ${disturbed} stayed disturbed
(above 5 %). Written by \`node bench/peers/run.mjs\`; what is measured and how: [bench/peers](../peers/README.md).

${leftOut.length ? `Left out: ${leftOut.map(({ name, why }) => `${name} (${why})`).join('; ')}.\n\n` : ''}## Texts a second

Mixed lengths, ${meanTokens.mixed.toFixed(0)} tokens on average:

${loadTable(servers, loads.filter((load) => load.corpus === 'mixed' && !load.singles))}

Long texts, ${meanTokens.long.toFixed(0)} tokens on average:

${loadTable(servers, loads.filter((load) => load.corpus === 'long'))}

Mixed lengths, a bulk indexer and single texts beside it:

${bulkTable(servers, loads.find((load) => load.singles))}

## Memory, start, idling

${table(['server', 'peak RSS', 'steady RSS', 'of it not backed by files', 'start to first vector', 'idle CPU'], servers.map((server) => [
    server.name, mb(server.peakMb), mb(server.residentMb), mb(server.anonymousMb), range(server.firstVectorMs, 0, ' ms'), `${server.idleCpuMsPerSecond.toFixed(1)} ms/s`,
  ]))}

## Vectors

Centred cosine with the plain export's, of 128 texts:

${table(['server', 'version', 'least', 'median'], servers.map((server) => [server.name, server.version, server.vectors.least.toFixed(5), server.vectors.median.toFixed(5)]))}

## Beside the best peer

fp32 beside the best unquantised peer, int8 beside the best of all; above 1 ActorEmbed is better. ~: the ranges over the rounds overlap.

${comparisonTable(rows)}

${behind.length ? `Not ahead (below 1.05):\n\n${behind.map((row) => `- ${row.server.name}, ${row.figure}: ${row.times.toFixed(2)} of ${row.best.name}`).join('\n')}\n` : 'Ahead everywhere.\n'}`;
}

function loadTable(servers, columns) {
  return table(['server', ...columns.map((load) => load.title)], servers.map((server) => [
    server.name, ...columns.map((load) => range(server.loads[load.id].textsPerSecond, 1)),
  ]));
}

function bulkTable(servers, load) {
  return table(['server', 'indexer, texts/s', 'single text'], servers.map((server) => {
    const { textsPerSecond, singleMs } = server.loads[load.id];
    return [server.name, range(textsPerSecond, 1), range(singleMs, 0, ' ms')];
  }));
}

function comparisonTable(rows) {
  const own = [...new Set(rows.map(({ server }) => server))];
  const figures = [...new Set(rows.map(({ figure }) => figure))];
  return table(['', ...own.map((server) => server.name)], figures.map((figure) => [figure, ...own.map((server) => {
    const { times, clear, best } = rows.find((row) => row.server === server && row.figure === figure);
    return `${times.toFixed(2)}${clear ? '' : ' ~'} (${best.name})`;
  })]));
}

const table = (header, rows) => [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const range = ({ median, min, max }, digits, unit = '') => `**${median.toFixed(digits)}**${unit} (${min.toFixed(digits)}-${max.toFixed(digits)})`;

const mb = (value) => `${Math.round(value)} MB`;

const percent = (share) => `${(100 * share).toFixed(1)} %`;

const total = (rows, name) => rows.reduce((sum, row) => sum + row[name], 0);
