import { setMaxListeners } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { CallerSignals } from './callerSignals.js';
import { Clock, delay, systemClock } from './clock.js';
import { ActorEmbedClientConfig, ResolvedClientConfig, milliseconds, resolveClientConfig } from './config.js';
import { debugLog } from './debug.js';
import { ActorEmbedError, abortedError } from './error.js';
import { HttpReply, exchange } from './exchange.js';
import { isSameModel, wrongModel } from './modelCheck.js';
import { RankedText, bestFirst, checkQuery, readScores } from './ranking.js';
import { httpError, isRetryable } from './retry.js';
import { TextSlice, copyTexts, encodeText, sliceTexts } from './slices.js';
import { Vectors, modelOf, parseError, readJsonObject, readVectors } from './vectors.js';
import { Wish, WishOptions, resolveWish, wishFields } from './wish.js';

export interface EmbedOptions extends RequestOptions, WishOptions {}

export interface RequestOptions {
  /** Aborts the call, its retries and its waits; the promise rejects with code `ABORTED`. */
  signal?: AbortSignal;
  /** Milliseconds per attempt, in place of the client's own `timeout`. */
  timeout?: number;
}

/** `GET /info`. */
export interface ServerInfo {
  model_id: string;
  dim: number;
  device: string;
  version: string;
  /** Process id, from servers that tell it. */
  pid?: number;
  /** The model's prompts by name, from servers that have them. */
  prompts?: Record<string, string>;
  /** The prompt that goes before texts for which none is asked; absent where none does. */
  default_prompt_name?: string;
}

/** @internal */
export interface ClientInternals {
  /** Where the next attempt goes; a service's client waits here, at most `timeout`, while the server restarts. */
  endpoint?: (signal: AbortSignal, timeout: number) => Promise<URL>;
  clock?: Clock;
}

export interface ActorEmbedClient {
  /** `dispose()`, for `using`. Absent where the runtime has no such symbol (Node before 18.18). */
  [Symbol.dispose](): void;
}

/** Shorter than the keep-alive of any common server (uvicorn: 5 s), so that a request seldom meets a closing socket. */
const IDLE_SOCKET_MS = 4000;

const BINARY_FIRST = 'application/octet-stream, application/json;q=0.9';

/** Calls an ActorEmbed server, or the Python sidecar it replaces. Safe to share; keeps its connections until disposed. */
export class ActorEmbedClient {
  readonly #config: ResolvedClientConfig;
  readonly #clock: Clock;
  readonly #endpoint: (signal: AbortSignal, timeout: number) => Promise<URL>;
  readonly #log = debugLog('SIDECAR-CLIENT');
  readonly #agents = new Map<string, http.Agent>();
  readonly #calls = new Set<AbortController>();
  readonly #callers = new CallerSignals();
  readonly #checkedModels = new Set<string>();
  #disposed = false;

  /** @throws {ActorEmbedError} INVALID_ARGUMENT naming the option that is out of range. */
  constructor(config?: ActorEmbedClientConfig);
  /** @internal */
  constructor(config: ActorEmbedClientConfig | undefined, internals: ClientInternals);
  constructor(config: ActorEmbedClientConfig = {}, internals: ClientInternals = {}) {
    this.#config = resolveClientConfig(config);
    this.#clock = internals.clock ?? systemClock;
    this.#endpoint = internals.endpoint ?? (() => Promise.resolve(this.#config.baseUrl));
  }

  /** Whether the server can embed right now. Asks once, never throws. */
  async checkHealth(options: RequestOptions = {}): Promise<boolean> {
    try {
      const health = await this.#call(options, async (signal, timeout) =>
        readJsonObject(await this.#ok('GET', 'health', undefined, signal, timeout)));
      return (health as { status?: unknown }).status === 'ok';
    } catch (error) {
      this.#log(() => `not healthy: ${String(error)}`);
      return false;
    }
  }

  /** What the server runs. */
  getInfo(options: RequestOptions = {}): Promise<ServerInfo> {
    return this.#call(options, (signal, timeout) => this.#info(signal, timeout));
  }

  /** The vector of one text. */
  async embed(text: string, normalize = true, options: EmbedOptions = {}): Promise<number[]> {
    return (await this.embedBatch([text], normalize, options))[0]!;
  }

  /**
   * The vectors of the texts, in their order. A long list travels in several requests; the first that fails for good
   * aborts the others and rejects. An empty list is answered without a request.
   */
  async embedBatch(texts: readonly string[], normalize = true, options: EmbedOptions = {}): Promise<number[][]> {
    const vectors = await this.#embed(texts, normalize, options);
    return vectors.map((vector) => (vector instanceof Float32Array ? Array.from(vector) : vector));
  }

  /** As `embedBatch`, in a quarter of the memory, and with no conversion where the server sends float32. */
  async embedBatchFloat32(texts: readonly string[], normalize = true, options: EmbedOptions = {}): Promise<Float32Array[]> {
    const vectors = await this.#embed(texts, normalize, options);
    return vectors.map((vector) => (vector instanceof Float32Array ? vector : Float32Array.from(vector)));
  }

  /**
   * How well the texts fit a query, the best first. The server has to run a reranker. A long list travels in several
   * requests, as with `embedBatch`.
   */
  async rank(query: string, texts: readonly string[], options: RequestOptions = {}): Promise<RankedText[]> {
    checkQuery(query);
    const copy = copyTexts(texts);
    const { model } = this.#config.wish;
    const request = `{"query":${encodeText(query)}${model === undefined ? '' : `,"model":${JSON.stringify(model)}`}`;
    const scores = new Array<number>(copy.length);
    await this.#eachSlice(copy, model, options, async (slice, signal, timeout) => {
      const received = await this.#retrying(signal, async () => {
        const reply = await this.#ok('POST', 'rank', `${request},"texts":${slice.json}}`, signal, timeout);
        const running = modelOf(reply);
        if (model !== undefined && running !== undefined && !isSameModel(model, running))
          throw wrongModel(model, running, 'its scores are not used');
        return readScores(reply, slice.count);
      });
      for (const [offset, score] of received.entries()) scores[slice.start + offset] = score;
    });
    return bestFirst(scores);
  }

  /** Aborts what is in flight and closes the connections. The client cannot be used afterwards. */
  dispose(): void {
    this.#disposed = true;
    for (const call of this.#calls) call.abort(disposedError());
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  async #embed(texts: readonly string[], normalize: boolean, options: EmbedOptions): Promise<(number[] | Float32Array)[]> {
    const copy = copyTexts(texts);
    if (typeof normalize !== 'boolean')
      throw new ActorEmbedError('INVALID_ARGUMENT', `normalize must be true or false; it is ${String(normalize)}.`);
    const wish = resolveWish(options, this.#config.wish);
    const request = `"normalize":${normalize}${wishFields(wish)}}`;
    const vectors = new Array<number[] | Float32Array>(copy.length);
    let { dimensions, model } = wish;
    await this.#eachSlice(copy, wish.model, options, async (slice, signal, timeout) => {
      const received = await this.#retrying(signal, () => this.#embedSlice(slice, request, { ...wish, dimensions, model }, signal, timeout));
      dimensions ??= received.vectors[0]!.length;
      model ??= received.model;
      // Two lanes may both have been sent before the first dimension was known.
      if (received.vectors[0]!.length !== dimensions)
        throw Object.assign(parseError(`vectors of ${dimensions} and of ${received.vectors[0]!.length} dimensions in one list`), { attempts: 1 });
      for (const [offset, vector] of received.vectors.entries()) vectors[slice.start + offset] = vector;
    });
    return vectors;
  }

  /** Sends a long list in several requests; an empty one in none. */
  async #eachSlice(
    texts: readonly string[], model: string | undefined, options: RequestOptions,
    send: (slice: TextSlice, signal: AbortSignal, timeout: number) => Promise<void>): Promise<void> {
    if (texts.length === 0) return;
    await this.#call(options, async (signal, timeout, abort) => {
      await this.#checkModel(model, signal, timeout);
      const slices = sliceTexts(texts, this.#config.maxTextsPerRequest, this.#config.maxBytesPerRequest);
      // Each lane takes the next slice when it is free, so that only `maxConcurrentRequests` are ever in flight.
      const lane = async (): Promise<void> => {
        for (let next = slices.next(); !next.done; next = slices.next()) await send(next.value, signal, timeout);
      };
      const lanes = Array.from({ length: this.#config.maxConcurrentRequests }, lane);
      for (const running of lanes) running.catch((error: unknown) => abort(error));
      await Promise.all(lanes);
    });
  }

  /**
   * Once for each: who replaces the model of a server that runs has more to think of than this client. One with several
   * models is asked for the one that is meant, and knows itself whether it has it.
   */
  async #checkModel(expected: string | undefined, signal: AbortSignal, timeout: number): Promise<void> {
    if (expected === undefined || this.#checkedModels.has(expected)) return;
    const info = await this.#info(signal, timeout);
    if (!isSameModel(expected, info.model_id) && !('models' in info))
      throw wrongModel(expected, `${info.model_id} (${info.dim} dimensions)`, 'nothing was sent');
    this.#checkedModels.add(expected);
  }

  #info(signal: AbortSignal, timeout: number): Promise<ServerInfo> {
    return this.#retrying(signal, async () => {
      const info = readJsonObject(await this.#ok('GET', 'info', undefined, signal, timeout)) as Partial<ServerInfo>;
      if (typeof info.model_id !== 'string' || typeof info.dim !== 'number')
        throw parseError('/info lacks model_id or dim');
      return info as ServerInfo;
    });
  }

  async #embedSlice(slice: TextSlice, request: string, wish: Wish, signal: AbortSignal, timeout: number): Promise<{ vectors: Vectors; model: string | undefined }> {
    const started = this.#clock.now();
    const reply = await this.#ok('POST', 'embed', `{"texts":${slice.json},${request}`, signal, timeout);
    const vectors = readVectors(reply, slice.count, wish.dimensions);
    const model = modelOf(reply);
    if (wish.model !== undefined && model !== undefined && !isSameModel(wish.model, model))
      throw wrongModel(wish.model, model, 'its vectors are not used');
    this.#log(() => `embedded ${slice.count} texts in ${Math.round(this.#clock.now() - started)} ms`);
    return { vectors, model };
  }

  /** Runs one public call under a controller that the caller's signal, a failed slice and dispose() can all fire. */
  async #call<T>(options: RequestOptions, work: (signal: AbortSignal, timeout: number, abort: (reason: unknown) => void) => Promise<T>): Promise<T> {
    if (this.#disposed) throw disposedError();
    const timeout = milliseconds('timeout', options.timeout, this.#config.timeout, 1);
    const controller = new AbortController();
    // Each request of a long list listens, as many as the options allow at once.
    setMaxListeners(0, controller.signal);
    const outer = options.signal;
    const forget = outer === undefined ? undefined : this.#callers.onAbort(outer, () => controller.abort(abortedError(outer)));
    this.#calls.add(controller);
    try {
      return await work(controller.signal, timeout, (reason) => controller.abort(reason));
    } finally {
      this.#calls.delete(controller);
      forget?.();
    }
  }

  async #retrying<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    for (let attempts = 1; ; attempts++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof ActorEmbedError)) throw error;
        // A failure that reached this lane from another one already carries the count of its own.
        if (error !== signal.reason || error.code === 'ABORTED') error.attempts = attempts;
        if (attempts > this.#config.retryAttempts || !isRetryable(error) || signal.aborted) throw error;
        const wait = error.retryAfter ?? this.#config.retryDelay;
        // Trying earlier than the server said is useless, and waiting for longer than that is not what a caller expects.
        if (wait > this.#config.maxRetryAfter && error.retryAfter !== undefined) throw error;
        this.#log(() => `attempt ${attempts} failed, next in ${wait} ms: ${error.message}`);
        await delay(this.#clock, wait, signal);
      }
    }
  }

  async #ok(method: 'GET' | 'POST', path: string, body: string | undefined, signal: AbortSignal, timeout: number): Promise<HttpReply> {
    // A question about health is about now: where the server is away, that is the answer.
    const url = new URL(path, await this.#endpoint(signal, path === 'health' ? 0 : timeout));
    const headers: Record<string, string> = {
      Accept: path === 'embed' && this.#config.transfer === 'auto' ? BINARY_FIRST : 'application/json',
    };
    if (this.#config.token !== undefined) headers['Authorization'] = `Bearer ${this.#config.token}`;
    const reply = await exchange({ method, url, headers, body, timeout, signal, clock: this.#clock, agent: this.#agent(url.protocol) });
    if (reply.status !== 200) throw httpError(method, url, reply);
    return reply;
  }

  #agent(protocol: string): http.Agent {
    let agent = this.#agents.get(protocol);
    if (agent === undefined) {
      agent = new (protocol === 'https:' ? https : http).Agent({ keepAlive: true, timeout: IDLE_SOCKET_MS });
      this.#agents.set(protocol, agent);
    }
    return agent;
  }
}

if (Symbol.dispose !== undefined) {
  Object.defineProperty(ActorEmbedClient.prototype, Symbol.dispose, {
    value(this: ActorEmbedClient) { this.dispose(); },
  });
}

function disposedError(): ActorEmbedError {
  return new ActorEmbedError('ABORTED', 'The client was disposed.');
}
