import { ActorEmbedError } from './error.js';

/** What goes before each text. Where neither is said, the server takes the model's default prompt, if it has one. */
export interface PromptOptions {
  /** Name of one of the model's prompts; the server refuses one that the model does not have. Excludes `inputType`. */
  promptName?: string;
  /** What the texts are: the model's prompt for it goes before each, if it has one. Excludes `promptName`. */
  inputType?: 'query' | 'document';
}

/**
 * A call's own, else the client's.
 * @throws {ActorEmbedError} INVALID_ARGUMENT where both are said, or one is not of its kind.
 */
export function resolvePrompt(call: PromptOptions, standard: PromptOptions = {}): PromptOptions {
  const { promptName, inputType } = call;
  if (promptName !== undefined && inputType !== undefined)
    throw new ActorEmbedError('INVALID_ARGUMENT', 'promptName and inputType exclude each other.');
  if (promptName !== undefined && typeof promptName !== 'string')
    throw new ActorEmbedError('INVALID_ARGUMENT', `promptName must be a string; it is ${String(promptName)}.`);
  if (inputType !== undefined && inputType !== 'query' && inputType !== 'document')
    throw new ActorEmbedError('INVALID_ARGUMENT', `inputType must be 'query' or 'document'; it is ${String(inputType)}.`);
  if (promptName !== undefined) return { promptName };
  return inputType === undefined ? standard : { inputType };
}

/** The end of a request's JSON object, from the comma on; empty where nothing is asked for. */
export function promptFields({ promptName, inputType }: PromptOptions): string {
  if (promptName !== undefined) return `,"prompt_name":${JSON.stringify(promptName)}`;
  return inputType === undefined ? '' : `,"input_type":"${inputType}"`;
}
