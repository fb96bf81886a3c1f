/** Ranks the lines for a question, where the server has a reranker. */

import { byId, count, create, duration, quote, setText } from './elements.js';
import { explain, requestJson } from './server.js';

/** A reranker reads every line together with the question, so it takes much longer than an embedder. */
const MAX_LINES = 500;

const MAX_SHOWN = 100;

/** @type {AbortController | null} */
let running = null;

/** @type {import('./models.js').Model[]} */
let rerankers = [];

/** @param {() => { lines: string[] }} currentLines */
export function startRanking(currentLines) {
  byId('rerank-form').addEventListener('submit', /** @param {Event} event */ event => {
    event.preventDefault();
    void rank(currentLines().lines.slice(0, MAX_LINES));
  });
}

/** @param {import('./models.js').Model[]} models */
export function useRerankers(models) {
  rerankers = models.filter(model => model.isReranker);
  byId('rerank').hidden = rerankers.length === 0;
  byId('reranker').replaceChildren(...rerankers.map(model => Object.assign(create('option', '', model.id), { value: model.id })));
}

/** @param {string[]} texts */
async function rank(texts) {
  running?.abort();
  const run = new AbortController();
  running = run;
  const outcome = byId('rerank-outcome');
  if (texts.length === 0) {
    setText(outcome, 'There is no line to rank yet.');
    return;
  }
  const name = rerankers.find(({ id }) => id === byId('reranker').value)?.name;
  const start = performance.now();
  setText(outcome, `Ranking ${count(texts.length, 'line')}.`);
  try {
    const body = { query: byId('question').value, texts, ...(name && { model: name }) };
    /** @type {{ index: number, score: number }[]} */
    const ranked = await requestJson('/rerank', { body, signal: run.signal });
    setText(outcome, `${count(texts.length, 'line')} in ${duration((performance.now() - start) / 1000)}, the best first.`);
    byId('ranked').replaceChildren(...ranked.slice(0, MAX_SHOWN).map(({ index, score }) => create('li', '',
      create('span', 'value', score.toFixed(4)), ` line ${index + 1}: `, quote(texts[index]))));
  } catch (error) {
    if (!run.signal.aborted)
      setText(outcome, explain(error));
  }
}
