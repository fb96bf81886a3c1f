import { ChildProcessByStdio, spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { Clock, Timer } from './clock.js';
import { ProcessExit } from './exit.js';
import { readLines } from './lines.js';
import { ActorEmbedProgress } from './progress.js';
import { FailedLine, ReadyLine, ServerEvent, parseServerEvent } from './serverEvents.js';

export interface SidecarProcessOptions {
  executable: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string | undefined;
  clock: Clock;
  onLog: (line: string) => void;
  onProgress: (progress: ActorEmbedProgress) => void;
}

/** What a failed start quotes from the log: the last lines, which name the reason. */
const REMEMBERED_LOG_LINES = 10;

/** Pipes normally close with their process; a grandchild that inherited them can hold them open for ever. */
const PIPES_CLOSE_WITHIN_MS = 1000;

/** One run of the server: from spawn to exit, never reused. Its promises never reject. */
export class SidecarProcess {
  readonly pid: number | undefined;

  /** Resolves on the ready line; stays pending if none comes. */
  readonly ready: Promise<ReadyLine>;

  /** Resolves when the process is gone and its output has been read. */
  readonly exited: Promise<ProcessExit>;

  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #clock: Clock;
  readonly #logTail: string[] = [];
  readonly #signListeners = new Set<() => void>();
  #failed: FailedLine | undefined;
  #pulledDirectory: string | undefined;
  #killTimer: Timer | undefined;

  /** @throws whatever spawn throws at once, such as for a NUL in an argument. */
  constructor(options: SidecarProcessOptions) {
    this.#clock = options.clock;
    // Standard input is the life line: it is never written to, and the system closes it when this process dies,
    // by SIGKILL too, which is how the server learns that it has no parent any more.
    this.#child = spawn(options.executable, options.args, {
      stdio: ['pipe', 'pipe', 'pipe'], env: options.env, cwd: options.cwd, windowsHide: true,
    });
    const child = this.#child;
    this.pid = child.pid;
    child.stdin.on('error', () => {});

    readLines(child.stderr, (line) => {
      this.#logTail.push(line);
      if (this.#logTail.length > REMEMBERED_LOG_LINES) this.#logTail.shift();
      options.onLog(line);
    });
    this.ready = new Promise((resolve) => {
      readLines(child.stdout, (line) => {
        const event = parseServerEvent(line);
        if (event?.event === 'ready') resolve(event.ready);
        else if (event !== undefined) this.#take(event, options.onProgress);
      });
    });
    this.exited = new Promise((resolve) => {
      child.once('error', (spawnError) => {
        // Also reported when a signal cannot be delivered; only without a pid does it mean that nothing runs.
        if (child.pid === undefined) resolve({ code: null, signal: null, spawnError });
      });
      child.on('error', () => {});
      child.once('exit', (code, signal) => {
        this.#killTimer?.cancel();
        const finish = (): void => {
          pipesTimer.cancel();
          for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
          resolve({ code, signal });
        };
        const pipesTimer = options.clock.setTimeout(finish, PIPES_CLOSE_WITHIN_MS);
        child.once('close', finish);
      });
    });
  }

  /** The last lines of the server's log. */
  get logTail(): string {
    return this.#logTail.join('\n');
  }

  /** Why the server gave up, if it said so. */
  get failed(): FailedLine | undefined {
    return this.#failed;
  }

  /** Where the model lies, once a process that was to get it has done so. */
  get pulledDirectory(): string | undefined {
    return this.#pulledDirectory;
  }

  /** Calls back whenever the server says what it is doing; the answer ends that. */
  onSign(callback: () => void): () => void {
    this.#signListeners.add(callback);
    return () => this.#signListeners.delete(callback);
  }

  #take(event: ServerEvent, onProgress: (progress: ActorEmbedProgress) => void): void {
    if (event.event === 'failed') this.#failed = event.failed;
    if (event.event === 'pulled') this.#pulledDirectory = event.directory;
    if (event.event !== 'progress') return;
    for (const listener of this.#signListeners) listener();
    onProgress(event.progress);
  }

  /** Asks the server to finish its work and exit; kills it after the grace period. May be called more than once. */
  terminate(graceMilliseconds: number): Promise<ProcessExit> {
    const isRunning = this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
    if (isRunning && this.#killTimer === undefined) {
      this.#killTimer = this.#clock.setTimeout(() => this.#child.kill('SIGKILL'), graceMilliseconds);
      // Windows has no signal that asks; there the end of standard input does.
      if (process.platform === 'win32') this.#child.stdin.end();
      else this.#child.kill('SIGTERM');
    }
    return this.exited;
  }
}
