import { setTimeout as pause } from 'node:timers/promises';
import { loads, runLoad } from './loads.mjs';
import { cpuSeconds, hold, memory, watchOthers } from './machine.mjs';
import { ServerProcess } from './server-process.mjs';
import { spread } from './statistics.mjs';

// Others may use this share of the machine during a measurement; else it is repeated, so many times.
const disturbed = 0.05;
const maxRepeats = 3;

// ONNX Runtime's threads go on spinning for some milliseconds after a run: not into the next server's.
const settleMs = 200;
const warmUpSeconds = 1;
const quietMs = 5_000;
const idleMs = 10_000;

const repeatsAllowed = (smoke) => (smoke ? 0 : maxRepeats);

/** A measurement, repeated while others disturb it; the least disturbed counts. */
async function undisturbed(pids, measure, allowed) {
  let best;
  let repeats = 0;
  for (;; repeats++) {
    await pause(settleMs);
    const others = watchOthers(pids);
    const figures = await measure();
    const share = others();
    if (!best || share < best.others) best = { ...figures, others: share };
    if (share <= disturbed || repeats === allowed) return { ...best, repeats };
  }
}

/** Time from the start of the process to the first vector, in rounds; files come from the page cache. */
export async function measureStarts(servers, text, { rounds, lock, smoke }) {
  const times = servers.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const release = await hold(lock);
    for (const [i, { server }] of servers.entries()) {
      times[i].push(await undisturbed([], async () => {
        const process = await ServerProcess.start(server, text);
        await process.stop();
        return { firstVectorMs: process.firstVectorMs };
      }, repeatsAllowed(smoke)));
    }
    release();
    console.error(`start ${round + 1}: ${servers.map(({ server }, i) => `${server.id} ${Math.round(times[i][round].firstVectorMs)} ms`).join(', ')}`);
  }
  return times.map((rows) => ({ ...spread(rows.map((row) => row.firstVectorMs)), others: Math.max(...rows.map((row) => row.others)) }));
}

/** All loads on all servers in turns. Gives for each server a figure for each load. */
export async function measureLoads(servers, corpora, { rounds, seconds, lock, smoke }) {
  const rows = servers.map(() => Object.fromEntries(loads.map((load) => [load.id, []])));
  const pids = servers.map(({ process }) => process.pid);
  for (let round = 0; round <= rounds; round++) {
    const isWarmUp = round === 0;
    const release = await hold(lock);
    for (const load of loads) {
      const { texts } = corpora[load.corpus];
      const start = Math.floor(round * texts.length / (rounds + 1) / 32) * 32;
      // Nobody is always first, or always after the same one.
      for (let turn = 0; turn < servers.length; turn++) {
        const i = (turn + round) % servers.length;
        const once = () => runLoad(load, servers[i].process.url, texts, start, isWarmUp ? Math.min(seconds, warmUpSeconds) : seconds);
        if (isWarmUp) await once();
        else rows[i][load.id].push(await undisturbed(pids, once, repeatsAllowed(smoke)));
      }
      if (!isWarmUp) console.error(`round ${round}, ${load.id}: ${servers.map(({ server }, i) => `${server.id} ${rows[i][load.id].at(-1).textsPerSecond.toFixed(1)}`).join(', ')}`);
    }
    release();
  }
  return rows.map((row) => Object.fromEntries(loads.map((load) => [load.id, summarize(row[load.id])])));
}

/** Memory once all loads are over and the servers have been left alone for a while, and the CPU that idling takes. */
export async function measureIdle(servers, { lock }) {
  const release = await hold(lock);
  await pause(quietMs);
  const before = servers.map(({ process }) => cpuSeconds(process.pid));
  await pause(idleMs);
  const figures = servers.map(({ process }, i) => ({
    ...memory(process.pid),
    idleCpuMsPerSecond: (cpuSeconds(process.pid) - before[i]) * 1e6 / idleMs,
  }));
  release();
  return figures;
}

function summarize(rows) {
  const of = (name) => spread(rows.map((row) => row[name]));
  return {
    textsPerSecond: of('textsPerSecond'),
    requestMs: of('requestMs'),
    ...(rows[0].singleMs === undefined ? {} : { singleMs: of('singleMs') }),
    others: Math.max(...rows.map((row) => row.others)),
    repeats: rows.reduce((total, row) => total + row.repeats, 0),
    stayedDisturbed: rows.filter((row) => row.others > disturbed).length,
    rounds: rows,
  };
}
