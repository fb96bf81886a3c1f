// ActorEmbed beside the servers that one would use instead: see README.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { drawChart } from './lib/chart.mjs';
import { hold, describeMachine } from './lib/machine.mjs';
import { toMarkdown } from './lib/markdown.mjs';
import { measureIdle, measureLoads, measureStarts } from './lib/measure.mjs';
import { readOptions } from './lib/options.mjs';
import { prepare } from './lib/prepare.mjs';
import { ServerProcess } from './lib/server-process.mjs';
import { allServers, isExact, label, missing } from './lib/servers.mjs';
import { centredCosine, sampleVectors } from './lib/vectors.mjs';

const options = readOptions();
prepare(options);
const corpora = JSON.parse(readFileSync(resolve(options.files, 'texts.json')));
const [reference, ...others] = allServers(options);
const leftOut = [];
const running = [];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    console.error(`${signal}: stopping all servers.`);
    stopAll().then(() => process.exit(1));
  });
}
try {
  await startAll();
  const figures = await measureLoads(running, corpora, options);
  const served = running.map((one, i) => ({ ...one, loads: figures[i] })).filter((one) => !one.failure);
  for (const { server, failure } of running) if (failure) leaveOut(server, failure);
  const idle = await measureIdle(served, options);
  await stopAll();
  const starts = await measureStarts(served, corpora.mixed.texts[0], options);
  write(served.map(({ server, vectors, firstStartMs, loads }, i) => ({
    id: server.id, name: label(server), own: server.own ?? false, exact: isExact(server), version: server.version,
    vectors, firstStartMs, firstVectorMs: starts[i], ...idle[i], loads,
  })));
} finally {
  await stopAll();
}

/** Starts what can be started and gives the right vectors; the reference must. */
async function startAll() {
  const release = await hold(options.lock);
  let expected;
  for (const server of [reference, ...others.filter(({ id }) => !options.only || options.only.includes(id))]) {
    const why = missing(server);
    if (why) {
      leaveOut(server, why);
      continue;
    }
    let started;
    try {
      started = await ServerProcess.start(server, corpora.mixed.texts[0]);
      const vectors = await sampleVectors(started.url, corpora);
      expected ??= vectors;
      const cosine = centredCosine(vectors, expected);
      console.error(`${label(server)}: first vector after ${Math.round(started.firstVectorMs)} ms; centred cosine ${cosine.least.toFixed(5)} at least, median ${cosine.median.toFixed(5)}`);
      if (!(cosine.least >= server.minCosine)) throw new Error(`its vectors are wrong: centred cosine with the reference ${cosine.least.toFixed(4)}, at least ${server.minCosine} is wanted`);
      running.push({ server, process: started, vectors: cosine, firstStartMs: started.firstVectorMs });
    } catch (error) {
      await started?.stop();
      if (server === reference) throw error;
      leaveOut(server, error.message);
    }
  }
  release();
}

function leaveOut(server, why) {
  leftOut.push({ name: label(server), why });
  console.error(`${label(server)} is left out: ${why}`);
}

async function stopAll() {
  await Promise.all(running.map(({ process: started }) => started.stop()));
}

function write(servers) {
  const { rounds, seconds, threads } = options;
  const report = {
    date: new Date().toISOString().slice(0, 10), model: options.model.title, machine: describeMachine(), rounds, seconds, threads,
    meanTokens: { mixed: corpora.mixed.tokens, long: corpora.long.tokens }, leftOut, servers,
  };
  mkdirSync(options.out, { recursive: true });
  writeFileSync(resolve(options.out, 'peers.json'), `${JSON.stringify(report, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value), 2)}\n`);
  writeFileSync(resolve(options.out, 'peers.md'), toMarkdown(report));
  writeFileSync(resolve(options.out, 'peers.svg'), drawChart(report));
  console.log(toMarkdown(report));
}
