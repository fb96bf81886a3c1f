// llama.cpp by node-llama-cpp: node llama.mjs GGUF THREADS [CONTEXTS]
import { serve } from './http.mjs';
import { openLlama } from './llama-contexts.mjs';

const [modelPath, threads, contexts = threads] = process.argv.slice(2);
const maxTokens = 128;
const begin = 0, end = 2;

const { model, embed } = await openLlama({ modelPath, threads: Number(threads), contexts: Number(contexts), contextSize: 256 });

serve((texts) => Promise.all(texts.map((text) => embed([begin, ...model.tokenize(text, false).slice(0, maxTokens - 2), end]))));
