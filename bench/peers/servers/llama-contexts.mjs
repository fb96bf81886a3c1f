import { getLlama } from 'node-llama-cpp';

/**
 * Opens a GGUF for embeddings by node-llama-cpp. One context works on one text at a time, so there are several, which
 * share the threads.
 */
export async function openLlama({ modelPath, threads, contexts = threads, contextSize }) {
  const llama = await getLlama({ gpu: false, build: 'never', maxThreads: threads, progressLogs: false });
  const model = await llama.loadModel({ modelPath });
  const idle = [];
  for (let i = 0; i < contexts; i++) idle.push(await model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads }));
  const waiting = [];

  /** The vector of a text of token ids, of length 1. */
  async function embed(tokens) {
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

  return { model, embed };
}

function normalize(vector) {
  const norm = Math.hypot(...vector);
  return Array.from(vector, (value) => value / norm);
}
