import { setTimeout as pause } from 'node:timers/promises';
import { Connections } from './connections.mjs';
import { median } from './statistics.mjs';

// Requests of a measurement at most, whatever its time allows.
const maxRequests = 4000;

// A bulk indexer's requests, and how often a single text comes beside it.
const bulkTexts = 64;
const singlePauseMs = 250;

// Singles are few: they get twice the time.
const bulkTime = 2;

/** What is measured. Every server gets the same texts in the same order in the same round. */
export const loads = [
  { id: 'mixed-lone', corpus: 'mixed', title: 'one text at a time', clients: 1, texts: 1 },
  { id: 'mixed-16x1', corpus: 'mixed', title: '16 clients, one text each', clients: 16, texts: 1 },
  { id: 'mixed-1x32', corpus: 'mixed', title: 'one client, 32 texts', clients: 1, texts: 32 },
  { id: 'mixed-4x32', corpus: 'mixed', title: '4 clients, 32 texts each', clients: 4, texts: 32 },
  { id: 'mixed-bulk', corpus: 'mixed', title: `a bulk indexer (${bulkTexts} texts), single texts beside it`, clients: 1, texts: bulkTexts, singles: true },
  { id: 'long-lone', corpus: 'long', title: 'one text at a time', clients: 1, texts: 1 },
  { id: 'long-16x1', corpus: 'long', title: '16 clients, one text each', clients: 16, texts: 1 },
  { id: 'long-1x32', corpus: 'long', title: 'one client, 32 texts', clients: 1, texts: 32 },
];

/**
 * Runs one load: each client sends its next request when it has the answer, until the time is over; what is under way
 * is waited for and counted.
 */
export async function runLoad(load, url, corpus, start, seconds) {
  const connections = new Connections(url);
  const milliseconds = [];
  const singles = [];
  let next = start;
  let requests = 0;
  const began = performance.now();
  const end = began + 1000 * seconds * (load.singles ? bulkTime : 1);
  const isOver = () => performance.now() >= end || requests >= maxRequests;

  const timed = async (texts, times) => {
    const sent = performance.now();
    requests++;
    await connections.embed(texts);
    times.push(performance.now() - sent);
  };
  const client = async () => {
    while (!isOver()) await timed(take(corpus, (next += load.texts) - load.texts, load.texts), milliseconds);
  };
  const single = async () => {
    // From the other end of the corpus, so that no text is under way twice.
    for (let index = start + corpus.length / 2; !isOver(); index++) {
      await timed(take(corpus, index, 1), singles);
      await pause(singlePauseMs);
    }
  };

  const clients = Array.from({ length: load.clients }, client);
  const beside = load.singles ? single() : undefined;
  await Promise.all(clients);
  const elapsed = (performance.now() - began) / 1000;
  await beside;
  connections.close();
  return {
    textsPerSecond: milliseconds.length * load.texts / elapsed,
    requestMs: median(milliseconds),
    ...(load.singles ? { singleMs: median(singles), singles: singles.length } : {}),
  };
}

function take(corpus, from, count) {
  return Array.from({ length: count }, (_, i) => corpus[(from + i) % corpus.length]);
}
