/** "Try it": the form, and what happens when it is sent. */

import { byId, count, create, duration, figure, setText } from './elements.js';
import { countTokens, embed } from './embedding.js';
import { EXAMPLE } from './example.js';
import { acceptFiles, noteLines, split } from './lines.js';
import { describe, promptName } from './models.js';
import { startRanking } from './rerank.js';
import { Results } from './results.js';
import { explain } from './server.js';
import { showCode } from './snippets.js';

/** @type {import('./models.js').Model[]} */
let models = [];

/** The largest request that this server takes, in texts. */
let maxTexts = Infinity;

/** While lines are typed, what is said of them follows after this, in milliseconds. */
const TYPING_PAUSE = 100;

/** @type {ReturnType<typeof setTimeout>} */
let typing;

/** @type {AbortController | null} */
let running = null;

/** @type {Results} */
let results;

export function startTrying() {
  results = new Results();
  acceptFiles(() => {
    clearTimeout(typing);
    typing = setTimeout(onInput, TYPING_PAUSE);
  });
  for (const field of [byId('model'), byId('input-type')])
    field.addEventListener('change', onInput);
  byId('example').addEventListener('click', () => {
    byId('lines').value = EXAMPLE;
    onInput();
    byId('run').focus();
  });
  byId('stop').addEventListener('click', () => running?.abort());
  byId('try-form').addEventListener('submit', /** @param {Event} event */ event => {
    event.preventDefault();
    void compare();
  });
  byId('lines').addEventListener('keydown', /** @param {KeyboardEvent} event */ event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
      byId('try-form').requestSubmit();
  });
  startRanking(currentLines);
  onInput();
}

/**
 * @param {import('./models.js').Model[]} known
 * @param {number} textsOfARequest
 */
export function useModels(known, textsOfARequest) {
  [models, maxTexts] = [known, textsOfARequest];
  const embedders = models.filter(model => !model.isReranker);
  const field = byId('model');
  const chosen = field.value;
  field.replaceChildren(...embedders.map(model => Object.assign(create('option', '', model.id), { value: model.id })));
  if (embedders.some(model => model.id === chosen))
    field.value = chosen;
  byId('run').disabled = embedders.length === 0;
  onInput();
}

const currentLines = () => split(byId('lines').value);

const chosenModel = () => models.find(({ id }) => id === byId('model').value);

function onInput() {
  clearTimeout(typing);
  const lines = currentLines();
  const model = chosenModel();
  const inputType = byId('input-type').value;
  if (byId('lines').value !== '')
    noteLines(lines);
  setText(byId('precision'), model ? describe(model, inputType) : models.length > 0 ? 'No model here gives vectors; the reranker below gives scores.' : '');
  showCode({ lines: lines.lines, inputType, model: model?.name });
}

async function compare() {
  running?.abort();
  const { lines } = currentLines();
  const model = chosenModel();
  if (!model)
    return;
  if (lines.length === 0) {
    setText(byId('outcome'), 'There is no line yet.');
    byId('lines').focus();
    return;
  }
  const run = new AbortController();
  running = run;
  setRunning(true);
  try {
    await compareLines(lines, model, run.signal);
  } catch (error) {
    if (!run.signal.aborted)
      setText(byId('outcome'), explain(error));
    else if (running === run)
      setText(byId('outcome'), 'Stopped.');
  } finally {
    if (running === run)
      setRunning(false);
  }
}

/**
 * @param {string[]} lines
 * @param {import('./models.js').Model} model
 * @param {AbortSignal} signal
 */
async function compareLines(lines, model, signal) {
  const inputType = byId('input-type').value;
  const start = performance.now();
  setText(byId('outcome'), `Embedding ${count(lines.length, 'line')}.`);
  const { vectors, tokens, truncated } = await embed(lines, {
    model: model.name, inputType, maxTexts, signal, onProgress: done => (byId('run-bar').value = done / lines.length),
  });
  const seconds = (performance.now() - start) / 1000;
  const cut = truncated > 0 ? ` ${count(truncated, 'line')} cut to the model's ${model.maxTokens} tokens.` : '';
  setText(byId('outcome'), `${count(lines.length, 'line')}, ${figure(tokens)} tokens, ${vectors.dimensions} dimensions in ${duration(seconds)}.${cut}`);
  byId('run-bar').hidden = true;
  await results.show(lines, vectors);
  try {
    results.showTokens(await countTokens(lines, { model: model.name, promptName: promptName(model, inputType), maxTexts, signal }), model.maxTokens);
  } catch (error) {
    results.showNoTokens(explain(error));
  }
}

/** @param {boolean} isRunning */
function setRunning(isRunning) {
  byId('stop').hidden = !isRunning;
  byId('run-bar').hidden = !isRunning;
  byId('run-bar').value = 0;
}
