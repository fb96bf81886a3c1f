import { Clock } from './clock.js';
import { ActorEmbedError, abortedError } from './error.js';

/** Where a service's server is, for its clients, which wait as long as one is on its way. */
export class FollowedServer {
  readonly #waiters = new Set<() => void>();
  readonly #clock: Clock;
  readonly #look: () => URL | ActorEmbedError | undefined;

  /** @param look The server's address, why there will be none, or undefined while it is on its way. */
  constructor(clock: Clock, look: () => URL | ActorEmbedError | undefined) {
    this.#clock = clock;
    this.#look = look;
  }

  /** To be called whenever `look` may say something else. */
  changed(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  /** @throws {ActorEmbedError} What `look` says, TIMEOUT, or what the signal was aborted with. */
  url(signal: AbortSignal, timeout: number): Promise<URL> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        this.#waiters.delete(look);
        signal.removeEventListener('abort', onAbort);
        timer.cancel();
        finish();
      };
      const onAbort = (): void => settle(() => reject(abortedError(signal)));
      const look = (): void => {
        const found = this.#look();
        if (found instanceof ActorEmbedError) settle(() => reject(found));
        else if (found !== undefined) settle(() => resolve(found));
      };
      const timer = this.#clock.setTimeout(() => settle(() => reject(
        new ActorEmbedError('TIMEOUT', `The service was not ready within ${timeout} ms.`))), timeout);
      this.#waiters.add(look);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      else look();
    });
  }
}
