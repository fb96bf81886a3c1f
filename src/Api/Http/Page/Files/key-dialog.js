/** Asks for the API key, once for all requests that wait for it. */

import { byId, setText } from './elements.js';

/** @type {Promise<string> | null} */
let asked = null;

/**
 * @param {boolean} isWrong whether the last one was refused
 * @returns {Promise<string>}
 */
export function askForKey(isWrong) {
  asked ??= ask(isWrong).finally(() => (asked = null));
  return asked;
}

/** @param {boolean} isWrong */
function ask(isWrong) {
  const dialog = byId('key-dialog');
  const field = byId('key');
  if (isWrong)
    setText(byId('key-note'), 'The server refused that key. Try another one.');
  dialog.returnValue = '';
  dialog.showModal();
  field.focus();
  return new Promise((resolve, reject) => dialog.addEventListener('close', () => {
    const key = field.value;
    // Not in the document once it is known.
    field.value = '';
    if (dialog.returnValue === 'use')
      resolve(key);
    else
      reject(new Error('The server wants its API key.'));
  }, { once: true }));
}
