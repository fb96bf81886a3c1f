/** What the vectors of the lines say: matrix, neighbours, map, duplicates, and which lines were cut. */

import { Analysis } from './analysis.js';
import { byId, cosine, count, create, quote, setText, shorten } from './elements.js';
import { HeatMap } from './heat-map.js';
import { Scatter } from './scatter.js';

/** More cells than these have no pixel of their own on most screens. */
const MAX_IN_MATRIX = 500;

const MAX_NEIGHBOURS = 10;
const MAX_PAIRS = 200;
const MAX_CUT = 200;

/** What a line shows of itself in a list, in characters. */
const OPTION_CHARACTERS = 120;

/** Around a text in a list of options, which cannot have elements: its own direction, to its end. */
const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';

export class Results {
  #matrix = new HeatMap(line => this.#choose(line));
  #map = new Scatter(line => this.#choose(line));
  #chosen = byId('chosen');
  /** @type {Analysis | null} */
  #analysis = null;
  /** @type {string[]} */
  #lines = [];
  #from = 0;

  constructor() {
    this.#chosen.addEventListener('change', () => this.#choose(Number(this.#chosen.value)));
    byId('threshold').addEventListener('change', () => void this.#findDuplicates());
    byId('block-before').addEventListener('click', () => void this.#showBlock(this.#from - MAX_IN_MATRIX));
    byId('block-after').addEventListener('click', () => void this.#showBlock(this.#from + MAX_IN_MATRIX));
  }

  /**
   * @param {string[]} lines
   * @param {import('./vectors.js').Vectors} vectors given away
   */
  async show(lines, vectors) {
    this.#analysis?.end();
    this.#analysis = new Analysis(vectors);
    this.#lines = lines;
    byId('results').hidden = false;
    byId('blocks').hidden = lines.length <= MAX_IN_MATRIX;
    this.#chosen.replaceChildren(...lines.map(optionOf));
    setText(byId('cut-note'), 'Counting tokens.');
    byId('cut').replaceChildren();
    await this.#showBlock(0);
    this.#choose(0);
    await this.#showMap();
    await this.#findDuplicates();
  }

  /**
   * @param {{ counts: number[], isCapped: (line: number) => boolean }} tokens
   * @param {number} maxTokens
   */
  showTokens({ counts, isCapped }, maxTokens) {
    const numbers = counts.map((tokens, line) => `${tokens}${isCapped(line) ? ' or more' : ''}`);
    const cut = this.#lines.map((_, line) => line).filter(line => counts[line] > maxTokens);
    [...this.#chosen.options].forEach((option, line) => {
      option.text += ` · ${numbers[line]} tokens${counts[line] > maxTokens ? ', cut' : ''}`;
    });
    setText(byId('cut-note'), cut.length === 0
      ? `None: no line has more than the ${maxTokens} tokens that the model reads.`
      : `${count(cut.length, 'line')} of ${this.#lines.length}: the model reads ${maxTokens} tokens, and the rest of these has no part in the vector.`);
    byId('cut').replaceChildren(...cut.slice(0, MAX_CUT).map(line => create('li', '',
      `Line ${line + 1}, `, create('span', 'value', `${numbers[line]} tokens`), ': ', quote(this.#lines[line]))));
  }

  /** @param {string} reason */
  showNoTokens(reason) {
    setText(byId('cut-note'), reason);
  }

  /** @param {number} from */
  async #showBlock(from) {
    const size = Math.min(MAX_IN_MATRIX, this.#lines.length - from);
    const [analysis, lines] = [this.#analysis, this.#lines];
    const values = await analysis?.block(from, size);
    if (!values || analysis !== this.#analysis)
      return;
    this.#from = from;
    this.#matrix.show(lines, values, from, size);
    setText(byId('block-range'), `Lines ${from + 1} to ${from + size} of ${lines.length}`);
    byId('block-before').disabled = from === 0;
    byId('block-after').disabled = from + size >= lines.length;
  }

  async #showMap() {
    const [analysis, lines] = [this.#analysis, this.#lines];
    const map = await analysis?.map();
    if (!map || analysis !== this.#analysis)
      return;
    this.#map.show(lines, map.points);
    const [x, y] = map.shares.map(share => `${(share * 100).toFixed(0)} %`);
    const both = `${((map.shares[0] + map.shares[1]) * 100).toFixed(0)} %`;
    setText(byId('variance'), map.shares[0] > 0
      ? `The two directions (principal components) show ${both} of the variance: ${x} across, ${y} up. The rest is not to be seen here.`
      : 'All lines have the same vector.');
  }

  /** @param {number} line */
  async #choose(line) {
    const [analysis, lines] = [this.#analysis, this.#lines];
    this.#chosen.value = String(line);
    this.#map.choose(line);
    // Until those of this line are known, the list shows another line's.
    byId('neighbours').ariaBusy = 'true';
    const neighbours = await analysis?.nearest(line, MAX_NEIGHBOURS);
    // Another line has been chosen meanwhile, or other lines are there.
    if (!neighbours || analysis !== this.#analysis || this.#chosen.value !== String(line))
      return;
    byId('neighbours').replaceChildren(...neighbours.map(({ line: other, value }) => create('li', '',
      create('span', 'value', cosine(value)), ` line ${other + 1}: `, quote(lines[other]))));
    byId('neighbours').ariaBusy = null;
  }

  async #findDuplicates() {
    const [analysis, lines] = [this.#analysis, this.#lines];
    const threshold = Math.min(1, Math.max(0.8, Number(byId('threshold').value) || 1));
    setText(byId('same-note'), 'Looking at all pairs.');
    const found = await analysis?.similar(threshold, MAX_PAIRS);
    if (!found || analysis !== this.#analysis)
      return;
    const shown = found.total > found.pairs.length ? ` The first ${found.pairs.length} are shown.` : '';
    setText(byId('same-note'), found.total === 0 ? `No two lines are similar from ${threshold} up.` : `${count(found.total, 'pair')}.${shown}`);
    byId('same').replaceChildren(...found.pairs.map(({ first, second, value }) => create('li', '',
      create('span', 'value', cosine(value)), ` lines ${first + 1} and ${second + 1}`,
      lines[first] === lines[second] ? ', the same text: ' : ': ', quote(lines[first]),
      ...(lines[first] === lines[second] ? [] : [' / ', quote(lines[second])]))));
  }
}

/**
 * @param {string} line
 * @param {number} index
 */
function optionOf(line, index) {
  const option = create('option', '', `${index + 1}: ${ISOLATE}${shorten(line, OPTION_CHARACTERS)}${END_ISOLATE}`);
  option.value = String(index);
  return option;
}
