// llama.cpp by node-llama-cpp: node llama.mjs GGUF THREADS BEGIN_ID END_ID MAX_TOKENS
import { serve } from './http.mjs';
import { openLlama } from './llama-contexts.mjs';

const [modelPath, ...numbers] = process.argv.slice(2);
const [threads, begin, end, maxTokens] = numbers.map(Number);

const { model, embed } = await openLlama({ modelPath, threads, contextSize: 2 * maxTokens });

serve((texts) => Promise.all(texts.map((text) => embed([begin, ...model.tokenize(text, false).slice(0, maxTokens - 2), end]))));
