import { ActorEmbedError } from './error.js';

/** Whether a server's model is the expected one: ids with an owner must agree in full, a short name with the end of one. */
export function isSameModel(expected: string, actual: string): boolean {
  const [a, b] = [expected.toLowerCase(), actual.toLowerCase()];
  return a.includes('/') && b.includes('/') ? a === b : shortName(a) === shortName(b);
}

function shortName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1);
}

export function wrongModel(expected: string, actual: string, what: string): ActorEmbedError {
  return new ActorEmbedError('WRONG_MODEL', `The server runs ${actual}, but ${expected} is expected; ${what}.`);
}
