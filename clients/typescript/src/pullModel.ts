import { Clock } from './clock.js';
import { ActorEmbedError, abortedError } from './error.js';
import { describeExit, reasonOfExit } from './exit.js';
import { launchPull } from './launch.js';
import { ActorEmbedProgress } from './progress.js';
import { ResolvedServiceConfig } from './serviceConfig.js';

export interface PullModelOptions {
  /** Default: the `model` of the service. */
  model?: string;
  /** Branch, tag or full commit. Default: the `revision` of the service, if the model is its own. */
  revision?: string;
  /** Ends the download; what arrived is kept, and the next one goes on from there. */
  signal?: AbortSignal;
  onProgress?: (progress: ActorEmbedProgress) => void;
}

/** Gets a model onto the disk by a process of its own, which ends with this one. */
export async function pullModel(
  config: ResolvedServiceConfig, options: PullModelOptions, clock: Clock, onLog: (line: string) => void,
): Promise<string> {
  const model = options.model ?? config.model;
  if (model === undefined)
    throw new ActorEmbedError('INVALID_ARGUMENT', 'Option model is missing: neither pullModel() nor the service names one.');
  const { signal } = options;
  if (signal?.aborted) throw abortedError(signal);

  const revision = options.revision ?? (model === config.model ? config.revision : undefined);
  const pull = launchPull(config, model, revision, clock, { onLog, onProgress: options.onProgress ?? (() => {}) });
  const onAbort = (): void => void pull.terminate(config.stopTimeout);
  signal?.addEventListener('abort', onAbort, { once: true });
  const exit = await pull.exited;
  signal?.removeEventListener('abort', onAbort);
  if (exit.code === 0 && pull.pulledDirectory !== undefined) return pull.pulledDirectory;
  if (signal?.aborted) throw abortedError(signal);
  throw new ActorEmbedError('PULL_FAILED',
    `${model} was not downloaded: ${describeExit(exit)}.\n${pull.failed?.message ?? pull.logTail}`,
    { exitCode: exit.code, cause: exit.spawnError, reason: pull.failed?.reason ?? reasonOfExit(exit) });
}
