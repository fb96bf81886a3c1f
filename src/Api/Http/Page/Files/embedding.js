/** Asks for the vectors of lines, in slices, and for their tokens. */

import { Refusal, request, requestJson } from './server.js';

/** A slice is soon answered, and the bar moves; fewer would leave batches half full. */
const SLICE_TEXTS = 128;
const MAX_CHARACTERS = 500_000;

/** Every token comes back as an object, so fewer characters at a time. */
const MAX_TOKENIZE_CHARACTERS = 100_000;

/** Of a longer line only the beginning is counted: it is far over what any model reads. */
const MAX_COUNTED_CHARACTERS = 50_000;

/**
 * @typedef {{ model?: string, inputType: string, maxTexts: number, signal: AbortSignal, onProgress: (done: number) => void }} Choice
 */

/**
 * @param {string[]} lines
 * @param {Choice} choice
 * @returns {Promise<{ vectors: import('./vectors.js').Vectors, tokens: number, truncated: number }>}
 */
export async function embed(lines, { model, inputType, maxTexts, signal, onProgress }) {
  let values = new Float32Array(0);
  let [dimensions, done, tokens, truncated] = [0, 0, 0, 0];
  for (const texts of slices(lines, maxTexts, MAX_CHARACTERS)) {
    const body = { texts, normalize: true, ...(inputType && { input_type: inputType }), ...(model && { model }) };
    const response = await request('/embed', { body, accept: 'application/octet-stream', signal }).catch(error => {
      // The server counts from the first text of the slice.
      throw error instanceof Refusal ? new Refusal(error.status, `Lines ${done + 1} to ${done + texts.length}: ${error.message}`) : error;
    });
    // The numbers as they are, in a quarter of the bytes of JSON.
    const floats = new Float32Array(await response.arrayBuffer());
    if (done === 0) {
      dimensions = floats.length / texts.length;
      values = new Float32Array(lines.length * dimensions);
    }
    values.set(floats, done * dimensions);
    done += texts.length;
    tokens += headerOf(response, 'X-Embedding-Tokens');
    truncated += headerOf(response, 'X-Truncated-Texts');
    onProgress(done);
  }
  return { vectors: { values, dimensions, count: lines.length }, tokens, truncated };
}

/**
 * How many tokens each line has, with those that the model adds and those of the prompt.
 * @param {string[]} lines
 * @param {{ model?: string, promptName: string | null, maxTexts: number, signal: AbortSignal }} choice
 * @returns {Promise<{ counts: number[], isCapped: (line: number) => boolean }>} a capped line has more than its count
 */
export async function countTokens(lines, { model, promptName, maxTexts, signal }) {
  const counts = [];
  const beginnings = lines.map(line => line.slice(0, MAX_COUNTED_CHARACTERS).toWellFormed());
  for (const inputs of slices(beginnings, maxTexts, MAX_TOKENIZE_CHARACTERS)) {
    const body = { inputs, ...(promptName !== null && { prompt_name: promptName }), ...(model && { model }) };
    for (const tokens of await requestJson('/tokenize', { body, signal }))
      counts.push(tokens.length);
  }
  return { counts, isCapped: line => lines[line].length > MAX_COUNTED_CHARACTERS };
}

/**
 * @param {string[]} lines
 * @param {number} maxTexts of a request
 * @param {number} mostCharacters a longer line goes alone
 */
function* slices(lines, maxTexts, mostCharacters) {
  const most = Math.min(SLICE_TEXTS, maxTexts);
  let from = 0;
  let characters = 0;
  for (let i = 0; i < lines.length; i++) {
    if (i > from && (i - from === most || characters + lines[i].length > mostCharacters)) {
      yield lines.slice(from, i);
      [from, characters] = [i, 0];
    }
    characters += lines[i].length;
  }
  if (from < lines.length)
    yield lines.slice(from);
}

/**
 * @param {Response} response
 * @param {string} name
 */
const headerOf = (response, name) => Number(response.headers.get(name) ?? 0);
