import { DEFAULT_PORT, checkToken, count, invalid, milliseconds, portNumber } from './config.js';
import { ActorEmbedError } from './error.js';

/** Where models run: `auto` takes an accelerator where there is one that can be used, otherwise the processor. */
export type ActorEmbedDevice = 'auto' | 'cpu' | 'cuda' | 'mps';

const DEVICES: readonly ActorEmbedDevice[] = ['auto', 'cpu', 'cuda', 'mps'];

export interface ActorEmbedServiceConfig {
  /**
   * The model: its name on the Hugging Face hub (`owner/name`), a folder, or `actorembed-starter-multilingual-256`, which
   * comes with the server. Stored vectors belong to one model, so name it. Default: the server's own choice, which depends
   * on what the machine's cache of models holds.
   */
  model?: string;
  /** Branch, tag or full commit of a model of the hub. Default `main`. */
  revision?: string;
  /** Where models are downloaded to. Default: the cache that Hugging Face's tools share (`HF_HUB_CACHE`). */
  modelsFolder?: string;
  /** Threads that inference uses. Default: one for each core. */
  threads?: number;
  /**
   * Where models run; `status.device` says where they do. A device that is named and cannot be had fails the start, with exit code
   * 3. Default: the server's own, `auto`.
   */
  device?: ActorEmbedDevice;
  /**
   * Numbers of a compiled model: `int8` (on the processor only) is faster and smaller, with slightly other vectors. Default `fp32` on
   * the processor, `fp16` on cuda.
   */
  precision?: 'fp32' | 'int8';
  /** Default 8421; 0 lets the system choose: `(await getStatus()).url` names it. */
  port?: number;
  /** Whether a port that cannot be had is replaced by a free one. Default false: start fails. */
  fallbackToFreePort?: boolean;
  /** Restart after a crash. Default true. */
  autoRestart?: boolean;
  /** The server's executable. Default: `ACTOREMBED_EXECUTABLE`, beside the application or package, PATH. */
  executablePath?: string;
  /** Arguments that come before the service's own. */
  args?: readonly string[];
  /** Added to this process's environment; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  /** Working folder of the server. Default: this process's. */
  cwd?: string;
  /** Bearer token for the service's own questions and for `createClient()`, where the server asks for one. */
  token?: string;
  /** Milliseconds a start may take without a word of the server; one that downloads a model tells how far it is. Default 120000. */
  startTimeout?: number;
  /** Milliseconds a server has to finish its work before it is killed. Default 10000. */
  stopTimeout?: number;
  /** Milliseconds from a crash to the restart; doubles with each crash in a row. Default 2000. */
  restartDelay?: number;
  /** Where the doubling ends. Default 60000. */
  maxRestartDelay?: number;
  /** Milliseconds of service after which a crash counts as the first again. Default 60000. */
  stableAfter?: number;
  /** Accepted and ignored, with one warning: there is no Python any more. */
  pythonPath?: string;
  /** Accepted and ignored, with one warning: there is no Python any more. */
  scriptPath?: string;
}

export interface ResolvedServiceConfig {
  port: number;
  autoRestart: boolean;
  executablePath: string | undefined;
  args: readonly string[];
  env: Record<string, string | undefined>;
  cwd: string | undefined;
  model: string | undefined;
  revision: string | undefined;
  modelsFolder: string | undefined;
  threads: number | undefined;
  device: ActorEmbedDevice | undefined;
  precision: 'fp32' | 'int8' | undefined;
  fallbackToFreePort: boolean;
  /** What of `args` comes before the command, such as a script that `executablePath` runs. */
  launcher: readonly string[];
  token: string | undefined;
  startTimeout: number;
  stopTimeout: number;
  restartDelay: number;
  maxRestartDelay: number;
  stableAfter: number;
}

let warnedOfPythonOptions = false;

/** @throws {ActorEmbedError} INVALID_ARGUMENT naming the option that is out of range. */
export function resolveServiceConfig(config: ActorEmbedServiceConfig): ResolvedServiceConfig {
  if (config.pythonPath !== undefined || config.scriptPath !== undefined) warnOfPythonOptions();
  for (const name of ['model', 'revision', 'modelsFolder', 'executablePath', 'cwd'] as const) {
    if (config[name] !== undefined && (typeof config[name] !== 'string' || config[name] === ''))
      throw new ActorEmbedError('INVALID_ARGUMENT', `Option ${name} must be a string that is not empty; it is ${typeof config[name]}.`);
  }
  if (config.precision !== undefined && config.precision !== 'fp32' && config.precision !== 'int8')
    throw invalid('precision', `must be 'fp32' or 'int8'`, config.precision);
  if (config.device !== undefined && !DEVICES.includes(config.device))
    throw invalid('device', `must be 'auto', 'cpu', 'cuda' or 'mps'`, config.device);
  checkToken(config.token);
  const args = [...(config.args ?? [])];
  return {
    port: portNumber(config.port, DEFAULT_PORT, 0),
    autoRestart: config.autoRestart ?? true,
    executablePath: config.executablePath,
    args,
    launcher: args.slice(0, args.findIndex((argument) => argument.startsWith('-') || argument === 'serve') >>> 0),
    env: { ...config.env },
    cwd: config.cwd,
    model: config.model,
    revision: config.revision,
    modelsFolder: config.modelsFolder,
    threads: config.threads === undefined ? undefined : count('threads', config.threads, 1, 1),
    device: config.device,
    precision: config.precision,
    fallbackToFreePort: config.fallbackToFreePort ?? false,
    token: config.token,
    // Silence, not size: while a model is downloaded or compiled the server tells how far it is every few seconds.
    // The 1.1 GB model loads in 5 s from a warm disk; from a cold one at 50 MB/s in 25 s, on a busy machine in longer.
    startTimeout: milliseconds('startTimeout', config.startTimeout, 120_000, 1),
    // A batch of 32 of the longest texts takes about 2 s on two cores; a machine five times slower still finishes it.
    stopTimeout: milliseconds('stopTimeout', config.stopTimeout, 10_000, 0),
    restartDelay: milliseconds('restartDelay', config.restartDelay, 2000, 0),
    // A server that keeps crashing then costs one start a minute, and recovers within one once the cause is gone.
    maxRestartDelay: milliseconds('maxRestartDelay', config.maxRestartDelay, 60_000, 0),
    stableAfter: milliseconds('stableAfter', config.stableAfter, 60_000, 0),
  };
}

function warnOfPythonOptions(): void {
  if (warnedOfPythonOptions) return;
  warnedOfPythonOptions = true;
  process.emitWarning('pythonPath and scriptPath are ignored: the server is an executable now; see executablePath.', {
    type: 'ActorEmbedWarning', code: 'ACTOREMBED_PYTHON_OPTIONS',
  });
}
