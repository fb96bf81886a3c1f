/** Follows what the server does, and finds it again when it was away. */

import { request, Refusal, wait } from './server.js';

/** The server speaks every second; after this long without a word it counts as away, in seconds. */
const LONGEST_SILENCE = 6;

/** Pauses between two tries, in seconds: short at first, for a restart takes a second or two. */
const FIRST_PAUSE = 0.5;
const LONGEST_PAUSE = 5;

/** A tab that nobody has looked at for so long lets go: a browser has six connections to a server, and each tab's stream takes one. In seconds. */
const LONGEST_HIDDEN = 600;

/**
 * @typedef {{ answered: number, rejected: number, batches: number, texts: number, tokens: number, truncated: number, restarts: number, lost_batches: number }} Counters
 * @typedef {{ address: string, state: string, reason?: string, batches: number, texts: number, lost_batches: number, seconds_since_seen: number }} LiveNode
 * @typedef {{ model: string, stage: string, bytes: number, size: number, fraction: number, note?: string, file?: string }} Progress
 * @typedef {{ id?: string, state: string, asleep: boolean, reason?: string, progress?: Progress, queued_requests: number, queued_texts: number, counters: Counters, nodes?: LiveNode[] }} LiveModel
 * @typedef {{ count: number, p50: number, p95: number }} Latency
 * @typedef {{ at: number, memory_bytes: number, processor_seconds: number, models: LiveModel[], small?: Latency, big?: Latency }} LiveSample
 */

/**
 * Never ends.
 * @param {(samples: LiveSample[]) => void} onSamples
 * @param {(reason: string) => void} onLost called with each failed try
 */
export async function follow(onSamples, onLost) {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const forgotten = new AbortController();
    const stopLooking = abortWhenForgotten(forgotten);
    try {
      await readStream(samples => {
        pause = FIRST_PAUSE;
        onSamples(samples);
      }, forgotten.signal);
      onLost('The server has ended the connection; it may be stopping.');
    } catch (error) {
      if (!forgotten.signal.aborted)
        onLost(error instanceof Refusal ? error.message : 'The server does not answer.');
    } finally {
      stopLooking();
    }
    await (forgotten.signal.aborted ? seen() : wait(pause));
  }
}

/**
 * @param {AbortController} forgotten
 * @returns {() => void} stops it
 */
function abortWhenForgotten(forgotten) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden)
      timer = setTimeout(() => forgotten.abort(), LONGEST_HIDDEN * 1000);
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}

/** @returns {Promise<void>} until somebody looks at the tab */
const seen = () => new Promise(resolve => {
  if (!document.hidden)
    return resolve();
  document.addEventListener('visibilitychange', () => resolve(), { once: true });
});

/**
 * @param {(samples: LiveSample[]) => void} onSamples
 * @param {AbortSignal} forgotten
 */
async function readStream(onSamples, forgotten) {
  const silence = new AbortController();
  const response = await request('/page/live', { accept: 'text/event-stream', signal: AbortSignal.any([silence.signal, forgotten]) });
  if (!response.body)
    return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = '';
  for (;;) {
    const timer = setTimeout(() => silence.abort(), LONGEST_SILENCE * 1000);
    const { value, done } = await reader.read().finally(() => clearTimeout(timer));
    if (done)
      return;
    // An event ends with an empty line, and each has one line of data.
    const events = (unread + value).split('\n\n');
    unread = events.pop() ?? '';
    for (const event of events) {
      if (event.startsWith('data: '))
        onSamples(JSON.parse(event.slice('data: '.length)));
    }
  }
}
