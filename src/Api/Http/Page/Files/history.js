/** The last ten minutes, from counts to rates. */

/** What is kept, in milliseconds. */
export const SPAN = 10 * 60 * 1000;

/** Rates are taken over this time: long enough for batches that take seconds, in milliseconds. */
const RATE_SPAN = 5000;

/** Samples further apart have something between them that nobody saw, in milliseconds. */
const LONGEST_STEP = 4000;

/**
 * @typedef {import('./live.js').LiveSample} LiveSample
 * @typedef {{ at: number, isFirst: boolean, texts: number | null, tokens: number | null, fill: number | null, waiting: number,
 *   small?: import('./live.js').Latency, big?: import('./live.js').Latency, memory: number, cores: number | null }} Moment
 * null where nothing can be said
 */

export class History {
  /** @type {LiveSample[]} */
  #samples = [];
  /** @type {Moment[]} */
  moments = [];

  /** @param {LiveSample[]} samples the next ones; those that are known already are passed over */
  add(samples) {
    const last = this.#samples.at(-1)?.at ?? 0;
    for (const sample of samples.filter(sample => sample.at > last)) {
      this.moments.push(this.#momentOf(sample));
      this.#samples.push(sample);
    }
    const oldest = (this.#samples.at(-1)?.at ?? 0) - SPAN;
    const gone = this.#samples.findIndex(sample => sample.at >= oldest);
    this.#samples.splice(0, gone);
    this.moments.splice(0, gone);
  }

  /** @param {LiveSample} sample */
  #momentOf(sample) {
    const before = this.#before(sample);
    const rate = (/** @type {(sample: LiveSample) => number} */ read) => before && rateOf(read, before, sample);
    const batches = rate(s => sum(s, 'batches'));
    const texts = rate(s => sum(s, 'texts'));
    return {
      at: sample.at,
      isFirst: before === null,
      texts,
      tokens: rate(s => sum(s, 'tokens')),
      fill: texts && batches ? texts / batches : null,
      waiting: sample.models.reduce((all, model) => all + model.queued_texts, 0),
      small: sample.small,
      big: sample.big,
      memory: sample.memory_bytes,
      cores: rate(s => s.processor_seconds),
    };
  }

  /**
   * The sample to compare with: as old as rates need, without a gap or a start of the server between.
   * @param {LiveSample} sample
   */
  #before(sample) {
    let found = null;
    let next = sample;
    for (let i = this.#samples.length - 1; i >= 0; i--) {
      const earlier = this.#samples[i];
      if (next.at - earlier.at > LONGEST_STEP || next.processor_seconds < earlier.processor_seconds)
        break;
      [found, next] = [earlier, earlier];
      if (sample.at - earlier.at >= RATE_SPAN)
        break;
    }
    return found;
  }
}

/**
 * A count over all models.
 * @param {LiveSample} sample
 * @param {keyof import('./live.js').Counters} name
 */
export const sum = (sample, name) => sample.models.reduce((all, model) => all + model.counters[name], 0);

/**
 * Null where the count began anew.
 * @param {(sample: LiveSample) => number} read
 * @param {LiveSample} from
 * @param {LiveSample} to
 */
function rateOf(read, from, to) {
  const grown = read(to) - read(from);
  return grown < 0 ? null : grown / ((to.at - from.at) / 1000);
}
