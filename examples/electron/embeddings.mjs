// The main process's side of the worker thread: calls in, promises out.
import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Events: `state` (of the server), `progress` (of the model's download), `failed` (the server could not be started; why). */
export class Embeddings extends EventEmitter {
  #worker;
  #calls = new Map();
  #lastId = 0;
  #ended;

  /** @param options those of ActorEmbedService: `executablePath`, `model`, `env`, ... */
  constructor(options = {}) {
    super();
    this.#worker = new Worker(new URL('./embedding-worker.mjs', import.meta.url), { workerData: options });
    this.#worker.on('message', ({ id, result, error, event, ...details }) => {
      if (event !== undefined) {
        this.emit(event, details);
        return;
      }
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (error === undefined) call.resolve(result);
      else call.reject(Object.assign(new Error(error.message), { code: error.code }));
    });
    this.#worker.on('error', (error) => this.#abandon(error));
    this.#worker.on('exit', () => this.#abandon(new Error('The embedding worker has ended.')));
  }

  /** One Float32Array a text, in order. */
  embed(texts) {
    return this.#call('embed', { texts });
  }

  status() {
    return this.#call('status');
  }

  /** Resolves when the server process is gone. */
  stop() {
    return this.#call('stop');
  }

  #call(operation, request = {}) {
    return new Promise((resolve, reject) => {
      // A worker that has ended answers nobody, and a quit must not wait for it.
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      const id = ++this.#lastId;
      this.#calls.set(id, { resolve, reject });
      this.#worker.postMessage({ id, operation, ...request });
    });
  }

  #abandon(error) {
    this.#ended ??= error;
    for (const call of this.#calls.values()) call.reject(error);
    this.#calls.clear();
  }
}
