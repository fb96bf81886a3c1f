/** Questions about a set of vectors, answered by a worker. */

export class Analysis {
  #worker = new Worker('/page/analysis-worker.js', { type: 'module' });
  /** @type {Map<number, { resolve: (answer: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  #lastId = 0;

  /** @param {import('./vectors.js').Vectors} vectors given away: the caller has them no longer */
  constructor(vectors) {
    this.#worker.addEventListener('message', ({ data: { id, answer, error } }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined)
        waiting?.resolve(answer);
      else
        waiting?.reject(new Error(error));
    });
    void this.#ask('set', vectors, [vectors.values.buffer]);
  }

  /**
   * All pairs of a row of lines.
   * @param {number} from
   * @param {number} count
   * @returns {Promise<Float32Array>}
   */
  block(from, count) {
    return this.#ask('block', { from, count });
  }

  /**
   * @param {number} line
   * @param {number} most
   * @returns {Promise<{ line: number, value: number }[]>}
   */
  nearest(line, most) {
    return this.#ask('nearest', { line, most });
  }

  /** @returns {Promise<{ points: Float32Array, shares: [number, number] }>} */
  map() {
    return this.#ask('map', {});
  }

  /**
   * @param {number} threshold
   * @param {number} most pairs; all are counted
   * @returns {Promise<{ pairs: { first: number, second: number, value: number }[], total: number } | null>} null where another search has begun
   */
  similar(threshold, most) {
    return this.#ask('similar', { threshold, most });
  }

  /** Questions that are open are never answered. */
  end() {
    this.#worker.terminate();
  }

  /**
   * @param {string} kind
   * @param {object} question
   * @param {Transferable[]} [transfer]
   * @returns {Promise<any>}
   */
  #ask(kind, question, transfer = []) {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, kind, question }, transfer);
    });
  }
}
