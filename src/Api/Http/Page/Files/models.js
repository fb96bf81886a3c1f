/** Which models the server has, and what is to be known of each. */

import { requestJson } from './server.js';

/**
 * @typedef {{ id: string, isReranker: boolean, dimensions?: number, maxTokens?: number, precision?: string, device?: string, source?: string,
 *   assumption?: string, prompts: Record<string, string>, defaultPrompt?: string }} Model
 */

/** What an input type takes the prompt of, in this order, as the server does. */
const PROMPT_NAMES = { query: ['query'], document: ['document', 'passage', 'corpus'] };

/** @returns {Promise<{ models: Model[], version: string, maxTexts: number }>} the first model is the default; the largest request, in texts */
export async function readModels() {
  const info = await requestJson('/info');
  const listed = Array.isArray(info.models) ? info.models : await listedModels(info);
  return { models: listed.map((/** @type {any} */ entry) => toModel(entry, info)), version: info.version, maxTexts: info.settings?.max_texts ?? Infinity };
}

/** @param {any} info */
async function listedModels(info) {
  const { data } = await requestJson('/v1/models');
  const others = data.filter((/** @type {any} */ entry) => entry.id !== info.model_id);
  return [info, ...others];
}

/**
 * @param {any} entry of a list of models, or what /info says of the only one
 * @param {any} info
 * @returns {Model}
 */
function toModel(entry, info) {
  return {
    id: entry.model_id ?? entry.id ?? entry.name,
    isReranker: entry.kind === 'reranker',
    dimensions: entry.dim,
    maxTokens: entry.max_tokens,
    precision: entry.precision ?? info.settings?.precision,
    device: entry.device,
    source: entry.source,
    assumption: entry.assumption,
    prompts: entry.prompts ?? {},
    defaultPrompt: entry.default_prompt_name,
  };
}

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
  if (model.dimensions)
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
