import { ChildProcessByStdio, spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { Clock, Timer } from './clock.js';
import { ProcessExit } from './exit.js';
import { readLines } from './lines.js';

/** The one line a server prints on standard output once it can embed. */
export interface ReadyLine {
  url: URL;
  pid: number;
  model: string | undefined;
  dim: number | undefined;
}

export interface SidecarProcessOptions {
  executable: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string | undefined;
  clock: Clock;
  onLog: (line: string) => void;
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
        const ready = parseReadyLine(line);
        if (ready !== undefined) resolve(ready);
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

function parseReadyLine(line: string): ReadyLine | undefined {
  try {
    const value = JSON.parse(line) as { event?: unknown; url?: unknown; pid?: unknown; model?: unknown; dim?: unknown } | null;
    if (value?.event !== 'ready' || typeof value.url !== 'string' || typeof value.pid !== 'number') return undefined;
    return {
      url: new URL(value.url),
      pid: value.pid,
      model: typeof value.model === 'string' ? value.model : undefined,
      dim: typeof value.dim === 'number' ? value.dim : undefined,
    };
  } catch {
    return undefined;
  }
}
