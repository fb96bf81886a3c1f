import { Clock } from './clock.js';
import { ActorEmbedError } from './error.js';
import { findExecutable } from './executable.js';
import { ActorEmbedProgress } from './progress.js';
import { ResolvedServiceConfig } from './serviceConfig.js';
import { SidecarProcess } from './sidecarProcess.js';

export interface ProcessListeners {
  onLog: (line: string) => void;
  onProgress: (progress: ActorEmbedProgress) => void;
}

/**
 * Starts the server's process as the options say; that it ends with this one is among its arguments.
 * @throws {ActorEmbedError} START_FAILED
 */
export function launchServer(config: ResolvedServiceConfig, port: number, clock: Clock, listeners: ProcessListeners): SidecarProcess {
  return launch(config, [
    ...config.args, '--port', String(port), ...modelArguments(config.model, config.revision),
    ...(config.threads === undefined ? [] : ['--threads', String(config.threads)]),
    ...(config.device === undefined ? [] : ['--device', config.device]),
    ...(config.precision === undefined ? [] : ['--precision', config.precision]),
    '--exit-with-parent', '--parent-pid', String(process.pid),
  ], clock, listeners);
}

/**
 * Starts a process that gets a model; it ends with this one as well.
 * @throws {ActorEmbedError} START_FAILED
 */
export function launchPull(
  config: ResolvedServiceConfig, model: string, revision: string | undefined, clock: Clock, listeners: ProcessListeners,
): SidecarProcess {
  const pull = ['pull', model, ...(revision === undefined ? [] : ['--revision', revision]), '--json', '--exit-with-parent'];
  return launch(config, [...config.launcher, ...pull], clock, listeners);
}

function modelArguments(model: string | undefined, revision: string | undefined): string[] {
  return [
    ...(model === undefined ? [] : ['--model', model]),
    ...(revision === undefined ? [] : ['--revision', revision]),
  ];
}

function launch(config: ResolvedServiceConfig, args: readonly string[], clock: Clock, listeners: ProcessListeners): SidecarProcess {
  // What is named last wins, so that `env` can still say otherwise.
  const env = {
    ...process.env, ...(config.modelsFolder === undefined ? {} : { HF_HUB_CACHE: config.modelsFolder }), ...config.env,
  };
  const executable = findExecutable(config.executablePath, env);
  try {
    return new SidecarProcess({ executable, args, env, cwd: config.cwd, clock, ...listeners });
  } catch (cause) {
    throw new ActorEmbedError('START_FAILED', `${executable} could not be run: ${String(cause)}`, { cause, reason: 'notStarted' });
  }
}
