/** The line at the top: whether the server is there, what it has loaded, and how far it is with that. */

import { byId, megabytes, setText, shorten } from './elements.js';
import { load } from './watch.js';

/** The words for the states of a model. */
const WORDS = { ready: 'ready', loading: 'loading', failed: 'failed' };

/** @param {import('./live.js').LiveSample} sample */
export function showState(sample) {
  const worst = ['failed', 'loading', 'ready'].find(state => sample.models.some(model => model.state === state)) ?? 'loading';
  setState(worst, WORDS[/** @type {keyof typeof WORDS} */ (worst)]);
  const names = sample.models.map(model => model.id ?? model.progress?.model ?? 'no model yet').join(', ');
  setText(byId('model-line'), `${names} · ${load()}`);
  const reason = sample.models.find(model => model.state !== 'ready' && model.reason)?.reason;
  showTrouble(worst === 'failed' ? reason ?? 'Inference has failed for good.' : null);
  showLoading(sample.models.find(model => model.progress), worst === 'loading' ? reason : undefined);
}

/** @param {string} reason */
export function showLost(reason) {
  setState('lost', 'no connection');
  showTrouble(`${reason} Trying again; what is on this page stays.`);
  showLoading(undefined, undefined);
}

/**
 * @param {string} state
 * @param {string} words
 */
function setState(state, words) {
  byId('state').dataset.state = state;
  setText(byId('state'), words);
}

/** @param {string | null} trouble */
function showTrouble(trouble) {
  byId('trouble').hidden = trouble === null;
  setText(byId('trouble'), shorten(trouble ?? '', 600));
}

/**
 * @param {import('./live.js').LiveModel | undefined} model
 * @param {string | undefined} reason
 */
function showLoading(model, reason) {
  const progress = model?.progress;
  byId('loading').hidden = !progress && !reason;
  const bar = byId('loading-bar');
  if (!progress) {
    setText(byId('loading-text'), reason ?? '');
    bar.removeAttribute('value');
    return;
  }
  const bytes = progress.size > 0 ? `, ${megabytes(progress.bytes)} of ${megabytes(progress.size)}` : '';
  setText(byId('loading-text'), `${progress.model}: ${progress.stage}${bytes}. ${progress.note ?? ''}`);
  // What is compiled has no measure of how far it is.
  if (progress.size > 0)
    bar.value = progress.fraction;
  else
    bar.removeAttribute('value');
}
