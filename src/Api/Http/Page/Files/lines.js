/** From what was pasted or dropped to lines. */

import { byId, count, setText } from './elements.js';

/** Beyond it every pair would be too many for a browser to look at. */
export const MAX_LINES = 5000;

/** A direction of its own for each line makes the layout of a longer text slow: a second for a million characters. */
const MAX_PLAIN_CHARACTERS = 200_000;

/** A larger file is refused before it is read, in bytes. */
const MAX_FILE_BYTES = 20e6;

/**
 * The lines that are not empty.
 * @param {string} text
 * @returns {{ lines: string[], left: number }} how many were left out
 */
export function split(text) {
  // Half of a surrogate pair is no text, and the server could not read it.
  const all = text.toWellFormed().split(/\r\n|[\n\r\u2028\u2029]/).filter(line => line.trim() !== '');
  return { lines: all.slice(0, MAX_LINES), left: Math.max(0, all.length - MAX_LINES) };
}

/** @param {() => void} onChange called when there are other lines */
export function acceptFiles(onChange) {
  const area = byId('lines');
  const field = byId('file');
  const take = async (/** @type {File | undefined} */ file) => {
    if (!file)
      return;
    if (file.size > MAX_FILE_BYTES) {
      setText(byId('lines-note'), `${file.name} is larger than ${MAX_FILE_BYTES / 1e6} MB.`);
      return;
    }
    area.value = await file.text();
    onChange();
  };
  field.addEventListener('change', async () => {
    await take(field.files[0]);
    // The same file again is a change too.
    field.value = '';
  });
  const isOver = (/** @type {boolean} */ over) => area.classList.toggle('drop', over);
  area.addEventListener('dragover', /** @param {DragEvent} event */ event => {
    if (!event.dataTransfer?.types.includes('Files'))
      return;
    event.preventDefault();
    isOver(true);
  });
  area.addEventListener('dragleave', () => isOver(false));
  area.addEventListener('drop', /** @param {DragEvent} event */ event => {
    isOver(false);
    if (!event.dataTransfer?.files.length)
      return;
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  });
  area.addEventListener('input', onChange);
}

/** @param {{ lines: string[], left: number }} split */
export function noteLines({ lines, left }) {
  byId('lines').classList.toggle('huge', byId('lines').value.length > MAX_PLAIN_CHARACTERS);
  const rest = left > 0 ? ` The first ${MAX_LINES} are taken, ${left} are left out.` : '';
  setText(byId('lines-note'), `${count(lines.length, 'line')}.${rest} They go to this server and are kept nowhere.`);
}
