/** Which models the server has, and what is to be known of each. */

import { requestJson } from './server.js';

/**
 * @typedef {{ id: string, name?: string, isReranker: boolean, dimensions: number, maxTokens: number, precision: string, device: string,
 *   assumption?: string, prompts: Record<string, string>, defaultPrompt?: string }} Model
 * the name is what a request has to say to get this one; undefined where there is no other
 */

/** What an input type takes the prompt of, in this order, as the server does. */
const PROMPT_NAMES = { query: ['query'], document: ['document', 'passage', 'corpus'] };

/**
 * @param {string[]} ids of the models that are ready
 * @param {boolean} areSeveral whether the server has others too, so that a request has to say which it means
 * @returns {Promise<{ models: Model[], version: string, maxTexts: number }>} the last is the largest request, in texts
 */
export async function readModels(ids, areSeveral) {
  const infos = await Promise.all(ids.map(id => requestJson(`/info?model=${encodeURIComponent(id)}`)));
  const { version, settings } = infos[0];
  return { models: infos.map((info, i) => toModel(info, ids[i], areSeveral)), version, maxTexts: settings.max_texts };
}

/**
 * @param {any} info
 * @param {string} id
 * @param {boolean} areSeveral
 * @returns {Model}
 */
const toModel = (info, id, areSeveral) => ({
  id,
  name: areSeveral ? id : undefined,
  isReranker: info.kind === 'reranker',
  dimensions: info.dim,
  maxTokens: info.max_tokens,
  precision: info.precision ?? info.settings.precision,
  device: info.device,
  assumption: info.assumption,
  prompts: info.prompts ?? {},
  defaultPrompt: info.default_prompt_name,
});

/**
 * The name of the prompt that goes before each text; null for none.
 * @param {Model} model
 * @param {string} inputType empty for none
 */
export function promptName(model, inputType) {
  const names = PROMPT_NAMES[/** @type {keyof typeof PROMPT_NAMES} */ (inputType)] ?? [];
  return names.find(name => name in model.prompts) ?? model.defaultPrompt ?? null;
}

/**
 * What a person should know before trusting the vectors.
 * @param {Model} model
 * @param {string} inputType
 */
export function describe(model, inputType) {
  const notes = [];
  if (!model.isReranker)
    notes.push(`${model.dimensions} dimensions, ${model.maxTokens} tokens at most, on ${model.device}.`);
  if (model.precision === 'int8')
    notes.push('Precision int8: faster and smaller, with slightly other vectors than fp32.');
  else if (model.precision)
    notes.push(`Precision ${model.precision}${model.precision === 'fp32' ? ': exact' : ''}.`);
  const prompt = promptName(model, inputType);
  if (prompt !== null)
    notes.push(`Before each line goes “${model.prompts[prompt]}”.`);
  else if (inputType)
    notes.push(`This model has no prompt for it: as ${inputType} or as text, the vectors are the same.`);
  if (model.assumption)
    notes.push(model.assumption);
  return notes.join(' ');
}
