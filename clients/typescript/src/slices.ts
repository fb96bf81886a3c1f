import { ActorEmbedError } from './error.js';

/** Neighbouring texts that travel in one request. */
export interface TextSlice {
  /** Index of the first text in the caller's list. */
  start: number;
  count: number;
  /** The texts as a JSON array. */
  json: string;
}

/**
 * A copy that later changes by the caller cannot reach.
 * @throws {ActorEmbedError} INVALID_ARGUMENT naming the index of a value that is no string.
 */
export function copyTexts(texts: readonly string[]): string[] {
  if (!Array.isArray(texts))
    throw new ActorEmbedError('INVALID_ARGUMENT', `texts must be an array of strings; it is ${describe(texts)}.`);
  // Array.from, unlike map, visits holes.
  return Array.from(texts as readonly unknown[], (text, index) => {
    if (typeof text !== 'string')
      throw new ActorEmbedError('INVALID_ARGUMENT', `texts[${index}] must be a string; it is ${describe(text)}.`);
    return text;
  });
}

/** Cuts a list so that no slice exceeds either limit; a text above the limit on bytes makes a slice of its own. */
export function* sliceTexts(texts: readonly string[], maxTexts: number, maxBytes: number): Generator<TextSlice, void, void> {
  let start = 0;
  let pieces: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    const piece = encodeText(text);
    const pieceBytes = Buffer.byteLength(piece) + 1;
    if (pieces.length > 0 && (pieces.length === maxTexts || bytes + pieceBytes > maxBytes)) {
      yield { start, count: pieces.length, json: `[${pieces.join(',')}]` };
      start += pieces.length;
      pieces = [];
      bytes = 0;
    }
    pieces.push(piece);
    bytes += pieceBytes;
  }
  if (pieces.length > 0) yield { start, count: pieces.length, json: `[${pieces.join(',')}]` };
}

/**
 * Half a surrogate pair has no UTF-8 form; JSON.stringify would escape it and the server reject the whole list for it.
 * U+FFFD in its place is what every UTF-8 encoder writes. (\p{Surrogate} matches only the unpaired ones.)
 */
export function encodeText(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}
