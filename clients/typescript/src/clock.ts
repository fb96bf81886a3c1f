import { abortedError } from './error.js';

export interface Timer {
  cancel(): void;
}

/** Time as the client and the service see it, so that tests can turn the hands themselves. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): Timer;
}

/** Largest delay a Node timer takes; anything above fires after 1 ms instead. */
export const MAX_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout(callback, milliseconds) {
    const handle = setTimeout(callback, milliseconds);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after the delay, rejects as soon as the signal fires; leaves neither timer nor listener behind. */
export function delay(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortedError(signal));
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(abortedError(signal));
    };
    const timer = clock.setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
