import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { root } from './options.mjs';

const peers = resolve(root, 'bench/peers');

// The least centred cosine of any text with the reference. A missing <s>, a wrong position or pooling costs far more
// than half precision does (0.99999 is usual); quantised products of random weights reach 0.98 and are given room.
const exact = 0.99;
const quantized = 0.95;

/** Every server that can be measured. The first is the reference of the vectors. */
export function allServers({ threads, model, files, server }) {
  const bench = resolve(root, 'bench/Bench/bin/Release/net10.0/ActorEmbed.Bench.dll');
  const actorembed = resolve(server, 'actorembed');
  const onnxInCSharp = inFile('Directory.Packages.props', /"Microsoft.ML.OnnxRuntime" Version="(.*?)"/);
  const version = `${inFile('Directory.Build.props', /<Version>(.*)<\/Version>/)}, ONNX Runtime ${onnxInCSharp}`;
  const transformers = packageVersion('@huggingface/transformers');
  const onnx = packageVersion('onnxruntime-node');
  const isStandIn = model.name === 'standin';
  const llama = packageVersion('node-llama-cpp');
  return [
    {
      id: 'plain', name: 'plain export in C#', precision: 'fp32', minCosine: exact, version: `ONNX Runtime ${onnxInCSharp}`,
      command: 'dotnet', arguments: [bench, ...(isStandIn ? ['serve-plain', model.directory] : ['serve-graph', model.name]), threads], needs: bench,
    },
    {
      id: 'transformers-fp32', name: 'transformers.js', precision: 'fp32', minCosine: exact, version: transformers && `${transformers}, onnxruntime-node ${onnx}`,
      command: process.execPath, arguments: [resolve(peers, 'servers/transformers.mjs'), resolve(files, 'transformers'), model.name, 'fp32', model.pooling, threads],
    },
    {
      id: 'transformers-q8', name: 'transformers.js', precision: 'q8', minCosine: quantized, version: transformers && `${transformers}, onnxruntime-node ${onnx}`,
      command: process.execPath, arguments: [resolve(peers, 'servers/transformers.mjs'), resolve(files, 'transformers'), model.name, 'q8', model.pooling, threads],
    },
    // The bench writes no GGUF of a vocabulary of word pieces.
    ...(isStandIn ? [{
      id: 'llama-f16', name: 'llama.cpp', precision: 'F16', minCosine: exact, version: llama && `node-llama-cpp ${llama}`,
      command: process.execPath, arguments: [resolve(peers, 'servers/llama.mjs'), resolve(files, 'standin-f16.gguf'), threads],
    },
    {
      id: 'llama-q8_0', name: 'llama.cpp', precision: 'Q8_0', minCosine: quantized, version: llama && `node-llama-cpp ${llama}`,
      command: process.execPath, arguments: [resolve(peers, 'servers/llama.mjs'), resolve(files, 'standin-q8_0.gguf'), threads],
    }] : []),
    {
      id: 'actorembed-fp32', name: 'ActorEmbed', precision: 'fp32', own: true, minCosine: exact, version,
      command: actorembed, arguments: ['--model', model.directory, '--port', 0, '--threads', threads, '--precision', 'fp32'], needs: actorembed,
    },
    {
      id: 'actorembed-int8', name: 'ActorEmbed', precision: 'int8', own: true, minCosine: quantized, version,
      command: actorembed, arguments: ['--model', model.directory, '--port', 0, '--threads', threads, '--precision', 'int8'], needs: actorembed,
    },
  ];
}

export const label = (server) => `${server.name} ${server.precision}`;

export const isExact = (server) => server.minCosine === exact;

/** Why a server cannot even be started; undefined when it can. */
export function missing(server) {
  if (server.needs && !existsSync(server.needs)) return `${server.needs} has not been built`;
  return server.version ? undefined : 'its npm package is not installed';
}

function packageVersion(name) {
  const path = resolve(peers, 'node_modules', name, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path)).version : undefined;
}

const inFile = (name, pattern) => pattern.exec(readFileSync(resolve(root, name), 'utf8'))[1];
