import type { Clock, Timer } from '../dist/clock.js';

interface Pending {
  due: number;
  delay: number;
  callback: () => void;
}

/** Time that moves only when told to. */
export class ManualClock implements Clock {
  #time = 0;
  #pending: Pending[] = [];
  #watchers: { delay: number; notify: () => void }[] = [];

  now(): number {
    return this.#time;
  }

  setTimeout(callback: () => void, delay: number): Timer {
    const entry: Pending = { due: this.#time + delay, delay, callback };
    this.#pending.push(entry);
    const seen = this.#watchers.filter((watcher) => watcher.delay === delay);
    this.#watchers = this.#watchers.filter((watcher) => watcher.delay !== delay);
    for (const watcher of seen) watcher.notify();
    return { cancel: () => { this.#pending = this.#pending.filter((other) => other !== entry); } };
  }

  advance(milliseconds: number): void {
    const end = this.#time + milliseconds;
    for (;;) {
      const next = this.#pending.filter((entry) => entry.due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.#time = next.due;
      this.#pending = this.#pending.filter((entry) => entry !== next);
      next.callback();
    }
    this.#time = end;
  }

  /** Delays of the timers that are running. */
  get delays(): number[] {
    return this.#pending.map((entry) => entry.delay);
  }

  /** Resolves once a timer of exactly this delay is running. */
  async scheduled(delay: number): Promise<void> {
    if (this.delays.includes(delay)) return;
    await new Promise<void>((notify) => this.#watchers.push({ delay, notify }));
  }
}
