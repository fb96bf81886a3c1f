import { ActorEmbedError } from './error.js';
import { HttpReply } from './exchange.js';
import { parseError, readJsonObject } from './vectors.js';

/** How well one of the texts of `rank()` fits the query. */
export interface RankedText {
  /** Of the text in the caller's list. */
  index: number;
  /** More fits better; of many models between 0 and 1, of others any number. */
  score: number;
}

/** @throws {ActorEmbedError} INVALID_ARGUMENT where it is no string. */
export function checkQuery(query: string): void {
  if (typeof query !== 'string')
    throw new ActorEmbedError('INVALID_ARGUMENT', `query must be a string; it is ${query === null ? 'null' : typeof query}.`);
}

/**
 * The score of each text, in the order in which they were sent.
 * @throws {ActorEmbedError} PARSE_ERROR where the answer is not the expected one.
 */
export function readScores(reply: HttpReply, count: number): number[] {
  const scores = (readJsonObject(reply) as { scores?: unknown }).scores;
  if (!Array.isArray(scores)) throw parseError('the answer has no "scores" array');
  if (scores.length !== count) throw parseError(`${count} texts were sent, but ${scores.length} scores came back`);
  const wrong = scores.findIndex((score) => typeof score !== 'number' || !Number.isFinite(score));
  if (wrong >= 0) throw parseError(`score ${wrong} is no finite number`);
  return scores as number[];
}

/** The best first; equal ones in their order. */
export function bestFirst(scores: readonly number[]): RankedText[] {
  return scores.map((score, index) => ({ index, score })).sort((a, b) => b.score - a.score);
}
