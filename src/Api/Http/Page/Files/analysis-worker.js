/** The arithmetic on a thread of its own, so that the page stays smooth. Answers what analysis.js asks. */

import { nearest, principalMap, similarBefore, similarities } from './vectors.js';

/** How long a search goes on before other questions have their turn, in milliseconds. */
const TURN = 30;

/** @type {import('./vectors.js').Vectors} */
let vectors;

/** @type {Record<string, (question: any) => any>} */
const answers = {
  set: question => void (vectors = question),
  block: ({ from, count }) => similarities(vectors, from, count),
  nearest: ({ line, most }) => nearest(vectors, line, most),
  map: () => principalMap(vectors),
  similar: findSimilar,
};

self.addEventListener('message', async ({ data: { id, kind, question } }) => {
  try {
    self.postMessage({ id, answer: await answers[kind](question) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
});

let searches = 0;

/**
 * Pairs that are at least so similar. A new search ends the one before it.
 * @param {{ threshold: number, most: number }} question
 */
async function findSimilar({ threshold, most }) {
  const search = ++searches;
  /** @type {{ first: number, second: number, value: number }[]} */
  const pairs = [];
  let total = 0;
  let turnEnds = performance.now() + TURN;
  for (let line = 1; line < vectors.count; line++) {
    similarBefore(vectors, line, threshold, (other, value) => {
      if (++total <= most)
        pairs.push({ first: other, second: line, value });
    });
    if (performance.now() < turnEnds)
      continue;
    await new Promise(resolve => setTimeout(resolve));
    if (search !== searches)
      return null;
    turnEnds = performance.now() + TURN;
  }
  return { pairs, total };
}
