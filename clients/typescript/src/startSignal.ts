import { abortedError } from './error.js';

export interface StartOptions {
  /** Ends the start, also for others who wait for it; the promise rejects with `ABORTED` once the process is gone. */
  signal?: AbortSignal;
}

/** A start that the signal ends by a stop. Its failure is no unhandled rejection. */
export function endable(start: () => Promise<void>, stop: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const starting = startUntil(start, stop, signal);
  starting.catch(() => {});
  return starting;
}

async function startUntil(start: () => Promise<void>, stop: () => Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw abortedError(signal);
  let stopped: Promise<void> | undefined;
  const end = (): void => { stopped = stop(); };
  signal.addEventListener('abort', end, { once: true });
  try {
    await start();
  } catch (error) {
    if (stopped === undefined) throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
  if (stopped === undefined) return;
  await stopped;
  throw abortedError(signal);
}
