import { EventEmitter } from 'node:events';
import { ActorEmbedClient } from './client.js';
import { Clock, Timer, systemClock } from './clock.js';
import { ActorEmbedClientConfig } from './config.js';
import { debugLog } from './debug.js';
import { ActorEmbedError, abortedError } from './error.js';
import { ProcessExit, isConfigurationExit } from './exit.js';
import { FollowedServer } from './followedServer.js';
import { launchServer } from './launch.js';
import { levelOf } from './logLevel.js';
import { PullModelOptions, pullModel } from './pullModel.js';
import { becomesReady } from './readiness.js';
import { ActorEmbedServiceConfig, ResolvedServiceConfig, resolveServiceConfig } from './serviceConfig.js';
import { ActorEmbedLastExit, ActorEmbedServiceEvents, ActorEmbedServiceState, ActorEmbedServiceStatus } from './serviceStatus.js';
import { SidecarProcess } from './sidecarProcess.js';
import { StartOptions, endable } from './startSignal.js';
import { StatusBoard } from './statusBoard.js';

/** @internal */
export interface ServiceInternals {
  clock?: Clock;
}

export interface ActorEmbedService {
  /** `stopSidecar()`, for `await using`. Absent where the runtime has no such symbol (Node before 18.18). */
  [Symbol.asyncDispose](): Promise<void>;
  on<E extends keyof ActorEmbedServiceEvents>(event: E, listener: (...args: ActorEmbedServiceEvents[E]) => void): this;
  once<E extends keyof ActorEmbedServiceEvents>(event: E, listener: (...args: ActorEmbedServiceEvents[E]) => void): this;
  off<E extends keyof ActorEmbedServiceEvents>(event: E, listener: (...args: ActorEmbedServiceEvents[E]) => void): this;
}

/**
 * Keeps one server running as a child of this process: starts it, restarts it after a crash, stops it. Every method may
 * be called at any time and in any number; the last call wins. Works inside a worker thread.
 */
export class ActorEmbedService extends EventEmitter {
  readonly #config: ResolvedServiceConfig;
  readonly #clock: Clock;
  readonly #log = debugLog('SIDECAR-SERVICE');
  readonly #followed: FollowedServer;

  readonly #board: StatusBoard;
  #sidecar: SidecarProcess | undefined;
  #crashesInARow = 0;

  #attempt: AbortController | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #restarting: Promise<void> | undefined;
  #restartTimer: Timer | undefined;

  /** @throws {ActorEmbedError} INVALID_ARGUMENT naming the option that is out of range. */
  constructor(config?: ActorEmbedServiceConfig);
  /** @internal */
  constructor(config: ActorEmbedServiceConfig | undefined, internals: ServiceInternals);
  constructor(config: ActorEmbedServiceConfig = {}, internals: ServiceInternals = {}) {
    super();
    this.#config = resolveServiceConfig(config);
    this.#clock = internals.clock ?? systemClock;
    this.#board = new StatusBoard(this.#clock, this.#config.port);
    this.#followed = new FollowedServer(this.#clock, () => this.#whereToSend());
  }

  /**
   * Resolves when the server is ready; at once if it is. Calls during a start share it. A first start that fails is
   * reported here and not repeated; one after a crash is.
   * @throws {ActorEmbedError} START_FAILED, PORT_IN_USE, CANNOT_LISTEN, STOPPED or ABORTED.
   */
  startSidecar(options: StartOptions = {}): Promise<void> {
    const { signal } = options;
    if (signal === undefined) return this.#sharedStart();
    return endable(() => this.#sharedStart(), () => this.stopSidecar(), signal);
  }

  /** Resolves when the process is gone. Never rejects. */
  stopSidecar(): Promise<void> {
    this.#cancelRestart();
    this.#attempt?.abort(new ActorEmbedError('STOPPED', 'The start was ended by stopSidecar().'));
    this.#attempt = undefined;
    this.#starting = undefined;
    this.#restarting = undefined;
    this.#followed.changed();
    this.#stopping ??= this.#stop().finally(() => { this.#stopping = undefined; });
    return this.#stopping;
  }

  /** A stop and a start; calls during a restart share it. A stop that is called meanwhile wins. */
  restartSidecar(): Promise<void> {
    if (this.#restarting !== undefined) return this.#restarting;
    void this.stopSidecar();
    const restarting = this.startSidecar().finally(() => {
      if (this.#restarting === restarting) this.#restarting = undefined;
    });
    restarting.catch(() => {});
    this.#restarting = restarting;
    return restarting;
  }

  async getStatus(): Promise<ActorEmbedServiceStatus> {
    return this.status;
  }

  /** The same as `getStatus()`, at once. */
  get status(): ActorEmbedServiceStatus {
    return this.#board.status();
  }

  /**
   * Gets a model onto the disk, beside a server that may be running; resolves with its folder. One that is there already
   * is not downloaded again.
   * @throws {ActorEmbedError} PULL_FAILED with a `reason`, or ABORTED.
   */
  pullModel(options: PullModelOptions = {}): Promise<string> {
    return pullModel(this.#config, options, this.#clock, (line) => this.#tellLog(line));
  }

  /**
   * A client that follows this service: to whatever port it has, and across restarts, for which an attempt waits up to
   * the client's `timeout` in place of failing. `baseUrl` and `port` have no effect on it.
   */
  createClient(config: Omit<ActorEmbedClientConfig, 'baseUrl' | 'port'> = {}): ActorEmbedClient {
    const token = config.token ?? this.#config.token;
    return new ActorEmbedClient({ ...config, ...(token === undefined ? {} : { token }) }, {
      clock: this.#clock,
      endpoint: (signal, timeout) => this.#followed.url(signal, timeout),
    });
  }

  #sharedStart(): Promise<void> {
    if (this.#starting !== undefined) return this.#starting;
    if (this.#board.state === 'ready') return Promise.resolve();
    // While a restart is pending, this call only brings it forward.
    const isRecovery = this.#board.state === 'restarting';
    if (!isRecovery) this.#crashesInARow = 0;
    return this.#begin(isRecovery);
  }

  #begin(isRecovery: boolean): Promise<void> {
    this.#cancelRestart();
    const attempt = new AbortController();
    this.#attempt = attempt;
    const starting = this.#start(attempt.signal, isRecovery).finally(() => {
      if (this.#starting === starting) this.#starting = undefined;
      this.#followed.changed();
    });
    // Who waits for it gets its failure. Who does not finds it in the state, and not in a crash of the application.
    starting.catch(() => {});
    this.#starting = starting;
    if (this.#stopping === undefined) this.#enter('starting');
    return starting;
  }

  async #start(signal: AbortSignal, isRecovery: boolean): Promise<void> {
    // Before anything else, so that #begin has registered this start when the first listener hears of it.
    await this.#stopping;
    if (signal.aborted) throw abortedError(signal);
    if (isRecovery) this.#board.restarts += 1;
    try {
      await this.#launch(signal);
    } catch (error) {
      if (signal.aborted) throw abortedError(signal);
      this.#board.recordFailure(error);
      this.#log(() => `start failed: ${this.#board.lastError}`);
      if (isRecovery && this.#config.autoRestart && !isConfigurationFailure(error)) this.#scheduleRestart();
      else this.#enter('failed');
      throw error;
    }
  }

  async #launch(signal: AbortSignal): Promise<void> {
    this.#enter('starting');
    const { port, fallbackToFreePort } = this.#config;
    try {
      await this.#launchOn(port, signal);
    } catch (error) {
      if (!fallbackToFreePort || port === 0 || signal.aborted || !isPortFailure(error)) throw error;
      this.#log(() => `port ${port} cannot be had, taking a free one`);
      await this.#launchOn(0, signal);
    }
    this.#enter('ready');
    if (this.#board.server !== undefined) this.#tell('ready', this.status);
  }

  async #launchOn(port: number, signal: AbortSignal): Promise<void> {
    const { token, startTimeout, stopTimeout } = this.#config;
    const sidecar = launchServer(this.#config, port, this.#clock, {
      onLog: (line) => this.#tellLog(line),
      onProgress: (progress) => {
        this.#board.progress = progress;
        this.#tell('progress', progress);
      },
    });
    this.#log(() => `spawned pid ${sidecar.pid}`);
    this.#sidecar = sidecar;
    this.#board.pid = sidecar.pid;
    try {
      this.#board.recordReady(await becomesReady(sidecar, port, startTimeout, { signal, clock: this.#clock, token }));
      void sidecar.exited.then((exit) => this.#onExit(sidecar, exit));
    } catch (error) {
      const exit = await sidecar.terminate(stopTimeout);
      if (!signal.aborted) this.#tellExit(this.#record(exit, false));
      throw error;
    } finally {
      this.#board.progress = null;
    }
  }

  #onExit(sidecar: SidecarProcess, exit: ProcessExit): void {
    if (this.#sidecar !== sidecar || this.#board.state !== 'ready') return;
    if (this.#board.sinceReady >= this.#config.stableAfter) this.#crashesInARow = 0;
    const recorded = this.#record(exit, false);
    // Anything that was not asked for counts as a crash, a clean exit too: the host still wants its server.
    if (this.#config.autoRestart && !isConfigurationExit(exit)) this.#scheduleRestart();
    else this.#enter('failed');
    this.#tellExit(recorded);
  }

  #scheduleRestart(): void {
    const { restartDelay, maxRestartDelay } = this.#config;
    const wait = Math.min(restartDelay * 2 ** this.#crashesInARow, Math.max(restartDelay, maxRestartDelay));
    this.#crashesInARow += 1;
    this.#restartTimer = this.#clock.setTimeout(() => {
      void this.#begin(true);
    }, wait);
    this.#log(() => `restart in ${wait} ms`);
    this.#enter('restarting');
    if (this.#restartTimer !== undefined) this.#tell('restart', wait);
  }

  #cancelRestart(): void {
    this.#restartTimer?.cancel();
    this.#restartTimer = undefined;
  }

  async #stop(): Promise<void> {
    if (this.#board.state === 'stopped') return;
    this.#enter('stopping');
    const sidecar = this.#sidecar;
    if (sidecar !== undefined) this.#tellExit(this.#record(await sidecar.terminate(this.#config.stopTimeout), true));
    this.#enter('stopped');
  }

  #record(exit: ProcessExit, expected: boolean): ActorEmbedLastExit | undefined {
    this.#sidecar = undefined;
    this.#log(() => `server gone: code ${exit.code}, signal ${exit.signal}`);
    return this.#board.recordExit(exit, expected);
  }

  /** Told last: a listener that starts or stops must meet a state that already knows of the exit. */
  #tellExit(exit: ActorEmbedLastExit | undefined): void {
    if (exit !== undefined) this.#tell('exit', exit);
  }

  #enter(state: ActorEmbedServiceState): void {
    const previous = this.#board.state;
    if (state === previous) return;
    this.#board.state = state;
    this.#log(() => `${previous} -> ${state}`);
    this.#followed.changed();
    this.#tell('state', state, previous);
  }

  /** An exception of a listener surfaces as uncaught, as with any emitter, but not in the middle of our own work. */
  #tell<E extends keyof ActorEmbedServiceEvents>(event: E, ...args: ActorEmbedServiceEvents[E]): void {
    try {
      this.emit(event, ...args);
    } catch (error) {
      queueMicrotask(() => { throw error; });
    }
  }

  #tellLog(line: string): void {
    this.#log(() => `server: ${line}`);
    this.#tell('log', line, levelOf(line));
  }

  /** What is wanted counts, not the state alone: after a stop and a start it still says stopping. */
  #whereToSend(): URL | ActorEmbedError | undefined {
    if (this.#board.server !== undefined) return this.#board.server.url;
    const isComing = this.#starting !== undefined || this.#board.state === 'starting' || this.#board.state === 'restarting';
    return isComing ? undefined : new ActorEmbedError('NETWORK_ERROR', `The service is ${this.#board.state}: start it first.`, { isFinal: true });
  }
}

if (Symbol.asyncDispose !== undefined) {
  Object.defineProperty(ActorEmbedService.prototype, Symbol.asyncDispose, {
    value(this: ActorEmbedService) { return this.stopSidecar(); },
  });
}

/** What nobody's waiting will mend: the port, the options, the model. */
function isConfigurationFailure(error: unknown): boolean {
  if (!(error instanceof ActorEmbedError)) return false;
  return isPortFailure(error)
    || (error.exitCode !== undefined && isConfigurationExit({ code: error.exitCode, signal: null }));
}

function isPortFailure(error: unknown): boolean {
  return error instanceof ActorEmbedError && (error.code === 'PORT_IN_USE' || error.code === 'CANNOT_LISTEN');
}
