import { ActorEmbedFailureReason } from './failureReason.js';
import { ActorEmbedLogLevel } from './logLevel.js';
import { ActorEmbedProgress } from './progress.js';

export type ActorEmbedServiceState =
  /** Never started, or stopped on request. */
  | 'stopped'
  | 'starting'
  | 'ready'
  /** Crashed; waiting for the time of the restart. */
  | 'restarting'
  | 'stopping'
  /** Down, and not coming back by itself. */
  | 'failed';

export interface ActorEmbedLastExit {
  /** Null when a signal ended the process. */
  code: number | null;
  signal: string | null;
  /** Whether the service had asked for it. */
  expected: boolean;
  at: Date;
}

export interface ActorEmbedServiceStatus {
  state: ActorEmbedServiceState;
  /** Whether the server is ready. */
  running: boolean;
  pid: number | null;
  port: number | null;
  /** Without a slash at the end, ready for `baseUrl`. */
  url: string | null;
  /** Milliseconds since the server became ready; 0 while it is not. */
  uptime: number;
  /** Automatic restarts so far. */
  restarts: number;
  lastExit: ActorEmbedLastExit | null;
  /** Why the last start failed. */
  lastError: string | null;
  /** The same for code to branch on. */
  lastErrorReason: ActorEmbedFailureReason | null;
  /** How far the model's download or compilation is; null while there is none. */
  progress: ActorEmbedProgress | null;
  model: string | null;
  dim: number | null;
  device: string | null;
  version: string | null;
}

/** Events of the service and what their listeners receive. */
export interface ActorEmbedServiceEvents {
  state: [state: ActorEmbedServiceState, previous: ActorEmbedServiceState];
  ready: [status: ActorEmbedServiceStatus];
  exit: [exit: ActorEmbedLastExit];
  /** A restart has been scheduled, in this many milliseconds. */
  restart: [delay: number];
  /** The model is being downloaded or compiled: several times a second while bytes arrive. */
  progress: [progress: ActorEmbedProgress];
  /** One line of the server's log. */
  log: [line: string, level: ActorEmbedLogLevel];
}
