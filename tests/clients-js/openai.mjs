import OpenAI from 'openai';

const client = new OpenAI({ baseURL: `${process.argv[2]}/v1`, apiKey: 'unused', maxRetries: 0 });
const model = 'text-embedding-3-small';

const embed = (input, more = {}) => client.embeddings.create({ model, input, ...more });
const refusal = async (call) => {
  try {
    await call;
    return null;
  } catch (error) {
    return { kind: error.constructor.name, status: error.status, type: error.type, param: error.param, code: error.code };
  }
};

const list = await embed(['text1', 'text2']);
const models = [];
for await (const entry of client.models.list()) models.push(entry.id);

console.log(JSON.stringify({
  // Asked for as base64 by default, and decoded by the client.
  base64: list.data.map((entry) => entry.embedding),
  float: (await embed('text1', { encoding_format: 'float' })).data[0].embedding,
  tokenIds: (await embed([...'text1'].map((c) => c.charCodeAt(0)))).data[0].embedding,
  short: (await embed('text1', { dimensions: 2 })).data[0].embedding,
  usage: list.usage,
  model: list.model,
  models,
  retrieved: (await client.models.retrieve('tests/scripted')).id,
  tooManyDimensions: await refusal(embed('text1', { dimensions: 1536 })),
  unknownPath: await refusal(client.chat.completions.create({ model, messages: [] })),
}));
