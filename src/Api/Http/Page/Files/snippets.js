/** The call that the page makes, in the languages people use. */

import { byId, setText } from './elements.js';
import { hasKey } from './server.js';

/** Enough to see the form; the page says what is left out. */
const MAX_LINES = 3;
const MAX_CHARACTERS = 200;

/** @typedef {{ lines: string[], inputType: string, model?: string }} Call */

/** @type {Call} */
let call = { lines: [], inputType: '' };
let language = 'curl';

/** @type {Record<string, (texts: string[], call: Call) => string>} */
const languages = { curl, python, typescript, csharp };

export function startCode() {
  const buttons = [...document.querySelectorAll('[data-language]')].map(button => /** @type {HTMLElement} */ (button));
  for (const button of buttons) {
    button.addEventListener('click', () => {
      language = button.dataset.language ?? language;
      buttons.forEach(other => other.setAttribute('aria-pressed', String(other === button)));
      showCode(call);
    });
  }
  byId('copy').addEventListener('click', copy);
}

/** @param {Call} shown */
export function showCode(shown) {
  call = shown;
  const lines = call.lines.length > 0 ? call.lines : ['a text', 'another text'];
  setText(byId('code'), languages[language](lines.slice(0, MAX_LINES).map(line => literal(line.slice(0, MAX_CHARACTERS).toWellFormed())), call));
  setText(byId('copied'), lines.length > MAX_LINES ? `The first ${MAX_LINES} lines are shown.` : '');
}

async function copy() {
  try {
    // Only pages of this machine or with TLS have a clipboard.
    await navigator.clipboard.writeText(byId('code').textContent);
    setText(byId('copied'), 'Copied.');
  } catch {
    getSelection()?.selectAllChildren(byId('code'));
    setText(byId('copied'), 'Selected: copy it with Ctrl+C or ⌘C.');
  }
}

/**
 * A text as JSON has it, and Python, TypeScript and C# too. What cannot be seen, or turns the direction of what stands
 * after it, is written as its number: code must be what it looks like.
 * @param {string} text
 */
const literal = text => JSON.stringify(text).replace(/[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, character =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * @param {string[]} texts
 * @param {Call} call
 */
function json(texts, { inputType, model }) {
  const fields = [`"texts": [${texts.join(', ')}]`, inputType && `"input_type": ${literal(inputType)}`, model && `"model": ${literal(model)}`];
  return `{${fields.filter(Boolean).join(', ')}}`;
}

/** @type {(texts: string[], call: Call) => string} */
function curl(texts, call) {
  const key = hasKey() ? '\n     -H "Authorization: Bearer $ACTOREMBED_API_KEY" \\' : '';
  // No quote ends the shell's.
  return `curl ${location.origin}/embed -H 'Content-Type: application/json' \\${key}\n     -d '${json(texts, call).replaceAll("'", '\\u0027')}'`;
}

/** @type {(texts: string[], call: Call) => string} */
function python(texts, call) {
  const headers = hasKey() ? '\n    headers={"Authorization": f"Bearer {os.environ[\'ACTOREMBED_API_KEY\']}"},' : '';
  return `${hasKey() ? 'import os\n' : ''}import requests

response = requests.post(
    "${location.origin}/embed",
    json=${json(texts, call)},${headers}
    timeout=30,
)
response.raise_for_status()
vectors = response.json()["vectors"]`;
}

/** @type {(texts: string[], call: Call) => string} */
function typescript(texts, { inputType, model }) {
  const options = [
    `baseUrl: ${literal(location.origin)}`, model && `model: ${literal(model)}`, inputType && `inputType: ${literal(inputType)}`,
    hasKey() && 'token: process.env.ACTOREMBED_API_KEY'];
  return `import { ActorEmbedClient } from '@actorembed/client';

const client = new ActorEmbedClient({ ${options.filter(Boolean).join(', ')} });
const vectors = await client.embedBatch([${texts.join(', ')}]);`;
}

/** @type {(texts: string[], call: Call) => string} */
function csharp(texts, { inputType, model }) {
  const options = [
    `BaseUrl = new Uri(${literal(location.origin)})`, model && `ModelId = ${literal(model)}`, inputType && `InputType = ${literal(inputType)}`,
    hasKey() && 'Token = Environment.GetEnvironmentVariable("ACTOREMBED_API_KEY")'];
  return `using ActorEmbed.Client;

using var client = new ActorEmbedClient(new() { ${options.filter(Boolean).join(', ')} });
float[][] vectors = await client.EmbedBatchAsync([${texts.join(', ')}]);`;
}
