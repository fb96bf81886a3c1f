// llama.cpp by node-llama-cpp: node llama.mjs GGUF THREADS [CONTEXTS]
import { getLlama } from 'node-llama-cpp';
import { serve } from './http.mjs';

const [modelPath, threads, contexts = threads] = process.argv.slice(2);
const maxTokens = 128;
const begin = 0, end = 2;

const llama = await getLlama({ gpu: false, build: 'never', maxThreads: Number(threads), progressLogs: false });
const model = await llama.loadModel({ modelPath });
const idle = [];
for (let i = 0; i < Number(contexts); i++) idle.push(await model.createEmbeddingContext({ contextSize: 256, threads: Number(threads) }));
const waiting = [];

async function embed(text) {
  const tokens = [begin, ...model.tokenize(text, false).slice(0, maxTokens - 2), end];
  const context = idle.pop() ?? await new Promise((resolve) => waiting.push(resolve));
  try {
    const { vector } = await context.getEmbeddingFor(tokens);
    return normalize(vector);
  } finally {
    const next = waiting.shift();
    if (next) next(context);
    else idle.push(context);
  }
}

function normalize(vector) {
  const norm = Math.hypot(...vector);
  return Array.from(vector, (value) => value / norm);
}

serve((texts) => Promise.all(texts.map(embed)));
