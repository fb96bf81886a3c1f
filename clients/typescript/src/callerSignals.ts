/**
 * The calls that hang on a caller's AbortSignal. One listener for each signal, however many calls share it: Node warns of
 * a leak at the eleventh, and which limit a signal has is its owner's to say.
 */
export class CallerSignals {
  readonly #calls = new Map<AbortSignal, Set<() => void>>();

  /** Calls back when the signal fires, at once if it has; the answer ends that. */
  onAbort(signal: AbortSignal, callback: () => void): () => void {
    if (signal.aborted) {
      callback();
      return () => {};
    }
    const callbacks = this.#calls.get(signal) ?? this.#listen(signal);
    callbacks.add(callback);
    return () => {
      callbacks.delete(callback);
      if (callbacks.size > 0 || this.#calls.get(signal) !== callbacks) return;
      signal.removeEventListener('abort', this.#fire);
      this.#calls.delete(signal);
    };
  }

  #listen(signal: AbortSignal): Set<() => void> {
    const callbacks = new Set<() => void>();
    this.#calls.set(signal, callbacks);
    signal.addEventListener('abort', this.#fire, { once: true });
    return callbacks;
  }

  readonly #fire = ({ target }: Event): void => {
    const callbacks = this.#calls.get(target as AbortSignal) ?? [];
    this.#calls.delete(target as AbortSignal);
    for (const callback of callbacks) callback();
  };
}
