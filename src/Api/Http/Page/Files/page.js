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

/** The models that /info has been asked about; other ones are asked about again. */
let asked = '';

/** @param {import('./live.js').LiveSample[]} samples */
function onSamples(samples) {
  watch(samples);
  const latest = samples[samples.length - 1];
  showState(latest);
  const ready = latest.models.filter(model => model.state === 'ready').map(model => model.id).join('\n');
  if (ready !== '' && ready !== asked) {
    asked = ready;
    void learnModels();
  }
}

async function learnModels() {
  try {
    const { models, version, maxTexts } = await readModels();
    useModels(models, maxTexts);
    useRerankers(models);
    setText(byId('version'), `ActorEmbed ${version}`);
    // A link cannot carry the key.
    byId('docs-link').hidden = hasKey();
  } catch (error) {
    setText(byId('outcome'), explain(error));
    asked = '';
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
