// llama.cpp by node-llama-cpp, without its tokenizer: node llama-tokens.mjs GGUF THREADS CONTEXT_TOKENS
// Prints "ready"; then answers each line of texts, [[id,...],...], by a line of their vectors in the same order.
import { createInterface } from 'node:readline';
import { openLlama } from './llama-contexts.mjs';

const [modelPath, threads, contextSize] = process.argv.slice(2);
const { embed } = await openLlama({ modelPath, threads: Number(threads), contextSize: Number(contextSize) });

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await Promise.all(JSON.parse(line).map(embed))));
}
process.exit();
