import { Ollama } from 'ollama';

const client = new Ollama({ host: process.argv[2] });
const model = 'nomic-embed-text';

const refusal = async (call) => {
  try {
    await call;
    return null;
  } catch (error) {
    return { status: error.status_code, message: error.message };
  }
};

const list = await client.embed({ model, input: ['text1', 'text2'] });

console.log(JSON.stringify({
  list: list.embeddings,
  single: (await client.embed({ model, input: 'text1', truncate: true, keep_alive: '5m' })).embeddings,
  short: (await client.embed({ model, input: 'text1', dimensions: 2 })).embeddings[0],
  old: (await client.embeddings({ model, prompt: 'text1' })).embedding,
  model: list.model,
  promptEvalCount: list.prompt_eval_count,
  durations: [list.total_duration, list.load_duration],
  tags: (await client.list()).models.map((entry) => entry.name),
  running: (await client.ps()).models.map((entry) => entry.context_length),
  shown: (await client.show({ model: 'scripted' })).capabilities,
  pulled: (await client.pull({ model: 'scripted' })).status,
  notPulled: await refusal(client.pull({ model })),
  version: (await client.version()).version,
  tooManyDimensions: await refusal(client.embed({ model, input: 'text1', dimensions: 1536 })),
}));
