import { EventEmitter } from 'node:events';
import { ActorEmbedClient } from './client.js';
import { Clock, Timer, systemClock } from './clock.js';
import { ActorEmbedClientConfig } from './config.js';
import { debugLog } from './debug.js';
import { ActorEmbedError, abortedError } from './error.js';
import { ProcessExit, isConfigurationExit } from './exit.js';
import { FollowedServer } from './followedServer.js';
import { launch } from './launch.js';
import { ReadyServer, becomesReady } from './readiness.js';
import { ActorEmbedServiceConfig, ResolvedServiceConfig, resolveServiceConfig } from './serviceConfig.js';
import { ActorEmbedLastExit, ActorEmbedServiceEvents, ActorEmbedServiceState, ActorEmbedServiceStatus } from './serviceStatus.js';
import { SidecarProcess } from './sidecarProcess.js';

/** @internal */
export interface ServiceInternals {
  clock?: Clock;
}

export interface ActorEmbedService {
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

  #state: ActorEmbedServiceState = 'stopped';
  #sidecar: SidecarProcess | undefined;
  #server: ReadyServer | undefined;
  #readyAt = 0;
  #restarts = 0;
  #crashesInARow = 0;
  #lastExit: ActorEmbedLastExit | null = null;
  #lastError: string | null = null;

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
    this.#followed = new FollowedServer(this.#clock, () => this.#whereToSend());
  }

  /**
   * Resolves when the server is ready; at once if it is. Calls during a start share it. A first start that fails is
   * reported here and not repeated; one after a crash is.
   * @throws {ActorEmbedError} START_FAILED, PORT_IN_USE or STOPPED.
   */
  startSidecar(): Promise<void> {
    if (this.#starting !== undefined) return this.#starting;
    if (this.#state === 'ready') return Promise.resolve();
    // While a restart is pending, this call only brings it forward.
    const isRecovery = this.#state === 'restarting';
    if (!isRecovery) this.#crashesInARow = 0;
    return this.#begin(isRecovery);
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
    return this.#status();
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
    if (isRecovery) this.#restarts += 1;
    try {
      await this.#launch(signal);
    } catch (error) {
      if (signal.aborted) throw abortedError(signal);
      this.#lastError = error instanceof Error ? error.message : String(error);
      this.#log(() => `start failed: ${this.#lastError}`);
      if (isRecovery && this.#config.autoRestart && !isConfigurationFailure(error)) this.#scheduleRestart();
      else this.#enter('failed');
      throw error;
    }
  }

  async #launch(signal: AbortSignal): Promise<void> {
    this.#enter('starting');
    const { port, token, startTimeout, stopTimeout } = this.#config;
    const sidecar = launch(this.#config, this.#clock, (line) => {
      this.#log(() => `server: ${line}`);
      this.#tell('log', line);
    });
    this.#log(() => `spawned pid ${sidecar.pid}`);
    this.#sidecar = sidecar;
    try {
      this.#server = await becomesReady(sidecar, port, startTimeout, { signal, clock: this.#clock, token });
    } catch (error) {
      const exit = await sidecar.terminate(stopTimeout);
      if (!signal.aborted) this.#tellExit(this.#record(exit, false));
      throw error;
    }
    this.#readyAt = this.#clock.now();
    this.#lastError = null;
    void sidecar.exited.then((exit) => this.#onExit(sidecar, exit));
    this.#enter('ready');
    if (this.#server !== undefined) this.#tell('ready', this.#status());
  }

  #onExit(sidecar: SidecarProcess, exit: ProcessExit): void {
    if (this.#sidecar !== sidecar || this.#state !== 'ready') return;
    if (this.#clock.now() - this.#readyAt >= this.#config.stableAfter) this.#crashesInARow = 0;
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
    if (this.#state === 'stopped') return;
    this.#enter('stopping');
    const sidecar = this.#sidecar;
    if (sidecar !== undefined) this.#tellExit(this.#record(await sidecar.terminate(this.#config.stopTimeout), true));
    this.#enter('stopped');
  }

  #record(exit: ProcessExit, expected: boolean): ActorEmbedLastExit | undefined {
    this.#sidecar = undefined;
    this.#server = undefined;
    if (exit.spawnError !== undefined) return undefined;
    this.#lastExit = { code: exit.code, signal: exit.signal, expected, at: new Date() };
    this.#log(() => `server gone: code ${exit.code}, signal ${exit.signal}`);
    return this.#lastExit;
  }

  /** Told last: a listener that starts or stops must meet a state that already knows of the exit. */
  #tellExit(exit: ActorEmbedLastExit | undefined): void {
    if (exit !== undefined) this.#tell('exit', exit);
  }

  #enter(state: ActorEmbedServiceState): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
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

  #status(): ActorEmbedServiceStatus {
    const server = this.#state === 'ready' ? this.#server : undefined;
    return {
      state: this.#state,
      running: server !== undefined,
      pid: server?.pid ?? this.#sidecar?.pid ?? null,
      port: server === undefined ? (this.#config.port || null) : Number(server.url.port),
      url: server?.url.origin ?? null,
      uptime: server === undefined ? 0 : this.#clock.now() - this.#readyAt,
      restarts: this.#restarts,
      lastExit: this.#lastExit,
      lastError: this.#lastError,
      model: server?.model ?? null,
      dim: server?.dim ?? null,
      device: server?.device ?? null,
      version: server?.version ?? null,
    };
  }

  /** What is wanted counts, not the state alone: after a stop and a start it still says stopping. */
  #whereToSend(): URL | ActorEmbedError | undefined {
    if (this.#state === 'ready' && this.#server !== undefined) return this.#server.url;
    const isComing = this.#starting !== undefined || this.#state === 'starting' || this.#state === 'restarting';
    return isComing ? undefined : new ActorEmbedError('NETWORK_ERROR', `The service is ${this.#state}.`);
  }
}

/** What nobody's waiting will mend: the port, the options, the model. */
function isConfigurationFailure(error: unknown): boolean {
  if (!(error instanceof ActorEmbedError)) return false;
  return error.code === 'PORT_IN_USE'
    || (error.exitCode !== undefined && isConfigurationExit({ code: error.exitCode, signal: null }));
}
