// transformers.js as its documentation shows it: node transformers.mjs MODELS NAME DTYPE POOLING THREADS
import { env, pipeline } from '@huggingface/transformers';
import { serve } from './http.mjs';

const [models, name, dtype, pooling, threads] = process.argv.slice(2);
const batchSize = 32;

env.allowRemoteModels = false;
env.localModelPath = models;
const extract = await pipeline('feature-extraction', name, {
  dtype,
  device: 'cpu',
  session_options: { intraOpNumThreads: Number(threads) },
});

// A run blocks the thread of JavaScript, so requests are served one after the other without anything being said about it.
serve(async (texts) => {
  const vectors = [];
  for (let first = 0; first < texts.length; first += batchSize) {
    const output = await extract(texts.slice(first, first + batchSize), { pooling, normalize: true });
    vectors.push(...output.tolist());
  }
  return vectors;
});
