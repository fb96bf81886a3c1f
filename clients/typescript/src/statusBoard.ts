import { Clock } from './clock.js';
import { ActorEmbedError } from './error.js';
import { ProcessExit } from './exit.js';
import { ActorEmbedFailureReason } from './failureReason.js';
import { ActorEmbedProgress } from './progress.js';
import { ReadyServer } from './readiness.js';
import { ActorEmbedLastExit, ActorEmbedServiceState, ActorEmbedServiceStatus } from './serviceStatus.js';

/** What a service knows of its server, and tells when it is asked. */
export class StatusBoard {
  state: ActorEmbedServiceState = 'stopped';
  /** Of the process that runs, ready or not. */
  pid: number | undefined;
  restarts = 0;
  progress: ActorEmbedProgress | null = null;

  readonly #clock: Clock;
  readonly #configuredPort: number;
  #server: ReadyServer | undefined;
  #readyAt = 0;
  #lastExit: ActorEmbedLastExit | null = null;
  #lastError: string | null = null;
  #lastErrorReason: ActorEmbedFailureReason | null = null;

  constructor(clock: Clock, configuredPort: number) {
    this.#clock = clock;
    this.#configuredPort = configuredPort;
  }

  /** The server, while it is ready. */
  get server(): ReadyServer | undefined {
    return this.state === 'ready' ? this.#server : undefined;
  }

  /** Milliseconds since the server became ready, whatever has become of it. */
  get sinceReady(): number {
    return this.#clock.now() - this.#readyAt;
  }

  get lastError(): string | null {
    return this.#lastError;
  }

  recordReady(server: ReadyServer): void {
    this.#server = server;
    this.#readyAt = this.#clock.now();
    this.#lastError = null;
    this.#lastErrorReason = null;
  }

  recordFailure(error: unknown): void {
    this.#lastError = error instanceof Error ? error.message : String(error);
    this.#lastErrorReason = (error instanceof ActorEmbedError ? error.reason : undefined) ?? null;
  }

  /** Undefined for a process that never ran. */
  recordExit(exit: ProcessExit, expected: boolean): ActorEmbedLastExit | undefined {
    this.pid = undefined;
    this.#server = undefined;
    if (exit.spawnError !== undefined) return undefined;
    this.#lastExit = { code: exit.code, signal: exit.signal, expected, at: new Date() };
    return this.#lastExit;
  }

  status(): ActorEmbedServiceStatus {
    const { server } = this;
    return {
      state: this.state,
      running: server !== undefined,
      pid: server?.pid ?? this.pid ?? null,
      port: server === undefined ? (this.#configuredPort || null) : Number(server.url.port),
      url: server?.url.origin ?? null,
      uptime: server === undefined ? 0 : this.sinceReady,
      restarts: this.restarts,
      lastExit: this.#lastExit,
      lastError: this.#lastError,
      lastErrorReason: this.#lastErrorReason,
      progress: this.progress,
      model: server?.model ?? null,
      dim: server?.dim ?? null,
      device: server?.device ?? null,
      version: server?.version ?? null,
    };
  }
}
