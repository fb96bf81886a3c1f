/** Puts the page together. */

import { byId, setText } from './elements.js';
import { askForKey } from './key-dialog.js';
import { follow } from './live.js';
import { readModels } from './models.js';
import { useRerankers } from './rerank.js';
import { explain, hasKey, onKeyWanted } from './server.js';
import { startCode } from './snippets.js';
import { showLost, showState } from './status.js';
import { startTabs } from './tabs.js';
import { startTrying, useModels } from './try.js';
import { show, startWatching, watch } from './watch.js';

/** The models that /info has been asked about; it is asked again when others are ready. */
let asked = '';

/** @param {import('./live.js').LiveSample[]} samples */
function onSamples(samples) {
  watch(samples);
  const latest = samples[samples.length - 1];
  showState(latest);
  const ready = latest.models.flatMap(model => (model.state === 'ready' && model.id ? [model.id] : []));
  if (ready.length > 0 && ready.join('\n') !== asked) {
    asked = ready.join('\n');
    void learnModels(ready, latest.models.length > 1);
  }
}

/**
 * @param {string[]} ids
 * @param {boolean} areSeveral
 */
async function learnModels(ids, areSeveral) {
  try {
    const { models, version, maxTexts } = await readModels(ids, areSeveral);
    useModels(models, maxTexts);
    useRerankers(models);
    setText(byId('version'), `ActorEmbed ${version}`);
    // A link cannot carry the key.
    byId('docs-link').hidden = hasKey();
  } catch (error) {
    setText(byId('outcome'), explain(error));
  }
}

onKeyWanted(askForKey);
startWatching();
startCode();
startTrying();
startTabs(show);
void follow(onSamples, reason => {
  // It may come back as another.
  asked = '';
  showLost(reason);
});
