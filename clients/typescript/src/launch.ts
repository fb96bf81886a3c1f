import { Clock } from './clock.js';
import { ActorEmbedError } from './error.js';
import { findExecutable } from './executable.js';
import { ResolvedServiceConfig } from './serviceConfig.js';
import { SidecarProcess } from './sidecarProcess.js';

/**
 * Starts the server's process as the options say; that it ends with this one is among its arguments.
 * @throws {ActorEmbedError} START_FAILED
 */
export function launch(config: ResolvedServiceConfig, clock: Clock, onLog: (line: string) => void): SidecarProcess {
  const env = { ...process.env, ...config.env };
  const executable = findExecutable(config.executablePath, env);
  const args = [
    ...config.args, '--port', String(config.port), ...(config.model === undefined ? [] : ['--model', config.model]),
    '--exit-with-parent', '--parent-pid', String(process.pid),
  ];
  try {
    return new SidecarProcess({ executable, args, env, cwd: config.cwd, clock, onLog });
  } catch (cause) {
    throw new ActorEmbedError('START_FAILED', `${executable} could not be run: ${String(cause)}`, { cause });
  }
}
