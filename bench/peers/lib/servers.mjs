import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { root } from './options.mjs';

const peers = resolve(root, 'bench/peers');
const llamaSharpServer = resolve(peers, 'servers/llamasharp/bin/Release/net10.0/LLamaSharpServer.dll');

// No text that is sent has more.
const maxTokens = 128;

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
  const llamaSharp = inFile('Directory.Packages.props', /"LLamaSharp" Version="(.*?)"/);
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
    ...[['F16', exact], ['Q8_0', quantized]].flatMap(([precision, minCosine]) => {
      const gguf = resolve(files, `${model.name}-${precision.toLowerCase()}.gguf`);
      return [
        {
          id: `llama-${precision.toLowerCase()}`, name: 'llama.cpp', precision, minCosine, version: llama && `node-llama-cpp ${llama}`,
          command: process.execPath, arguments: [resolve(peers, 'servers/llama.mjs'), gguf, threads, model.begin, model.end, maxTokens],
        },
        {
          id: `llamasharp-${precision.toLowerCase()}`, name: 'LLamaSharp', precision, minCosine, version: llamaSharp,
          command: 'dotnet', arguments: [llamaSharpServer, gguf, threads, model.begin, model.end, maxTokens], needs: llamaSharpServer,
        },
      ];
    }),
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
