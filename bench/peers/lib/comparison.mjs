import { loads } from './loads.mjs';

const more = { isBetter: (a, b) => a > b, ratio: (own, peer) => own / peer };
const less = { isBetter: (a, b) => a < b, ratio: (own, peer) => peer / own };

/** The figures that ActorEmbed and its peers are compared in; `of` gives median, minimum and maximum. */
const figures = [
  ...loads.map((load) => ({ title: describe(load), of: (server) => server.loads[load.id].textsPerSecond, ...more })),
  ...loads.filter((load) => load.singles).map((load) => ({ title: 'single text beside the indexer, time to its vector', of: (server) => server.loads[load.id].singleMs, ...less })),
  { title: 'peak RSS', of: (server) => only(server.peakMb), ...less },
  { title: 'steady RSS', of: (server) => only(server.residentMb), ...less },
  { title: 'start to first vector', of: (server) => server.firstVectorMs, ...less },
];

/**
 * Each of ActorEmbed's servers beside the best peer in each figure: an exact one beside exact ones, a quantised one
 * beside all. `times` is above 1 where ActorEmbed is better; `clear` when the two ranges do not overlap.
 */
export function compare(servers) {
  return servers.filter((server) => server.own).flatMap((own) => figures.map((figure) => {
    const rivals = servers.filter((server) => !server.own && (server.exact || !own.exact));
    const best = rivals.reduce((a, b) => (figure.isBetter(figure.of(b).median, figure.of(a).median) ? b : a));
    const [mine, theirs] = [figure.of(own), figure.of(best)];
    return {
      server: own, figure: figure.title, best,
      times: figure.ratio(mine.median, theirs.median),
      clear: mine.min > theirs.max || mine.max < theirs.min,
    };
  }));
}

export function describe(load) {
  return `${load.corpus === 'long' ? 'long texts' : 'mixed lengths'}: ${load.title}`;
}

const only = (value) => ({ median: value, min: value, max: value });
