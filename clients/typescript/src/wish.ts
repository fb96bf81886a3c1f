import { ActorEmbedError } from './error.js';
import { PromptOptions, promptFields, resolvePrompt } from './prompt.js';

/** What a call wants of its vectors; the client's options say it for all calls. */
export interface WishOptions extends PromptOptions {
  /**
   * Components of each vector: what the server is asked for, which refuses more than the model has. Vectors of another
   * length are a `PARSE_ERROR`. Default: all that the model has.
   */
  dimensions?: number;
  /** Whether a text with more tokens than the model takes is cut. False: the server refuses it. Default true. */
  truncate?: boolean;
  /**
   * Full id or short name of the model whose vectors are wanted; from a server that does not run it they are `WRONG_MODEL`,
   * as `/info`, asked once, or the answer tells. Default: any.
   */
  model?: string;
}

/** All of it, decided. */
export interface Wish {
  dimensions: number | undefined;
  truncate: boolean;
  model: string | undefined;
  prompt: PromptOptions;
}

/**
 * A call's own, else the client's.
 * @throws {ActorEmbedError} INVALID_ARGUMENT naming the option that is not of its kind.
 */
export function resolveWish(call: WishOptions, standard?: Wish): Wish {
  const { dimensions, truncate, model } = call;
  if (dimensions !== undefined && !(Number.isSafeInteger(dimensions) && dimensions >= 1))
    throw invalidWish('dimensions', 'must be a whole number, 1 or more', dimensions);
  if (truncate !== undefined && typeof truncate !== 'boolean') throw invalidWish('truncate', 'must be true or false', truncate);
  if (model !== undefined && (typeof model !== 'string' || model === '')) throw invalidWish('model', 'must name a model', model);
  return {
    dimensions: dimensions ?? standard?.dimensions,
    truncate: truncate ?? standard?.truncate ?? true,
    model: model ?? standard?.model,
    prompt: resolvePrompt(call, standard?.prompt),
  };
}

/** The end of a request's JSON object, from the comma on; what the Python sidecar did not know stands there only if asked for. */
export function wishFields({ dimensions, truncate, model, prompt }: Wish): string {
  return promptFields(prompt)
    + (dimensions === undefined ? '' : `,"dimensions":${dimensions}`)
    + (truncate ? '' : ',"truncate":false')
    + (model === undefined ? '' : `,"model":${JSON.stringify(model)}`);
}

function invalidWish(name: string, rule: string, value: unknown): ActorEmbedError {
  return new ActorEmbedError('INVALID_ARGUMENT', `Option ${name} ${rule}; it is ${String(value)}.`);
}
