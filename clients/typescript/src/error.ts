import { ActorEmbedFailureReason } from './failureReason.js';

/** What went wrong, in one word that code can branch on. */
export type ActorEmbedErrorCode =
  /** Connection refused, reset or cut off, or the host name does not resolve. Retried. */
  | 'NETWORK_ERROR'
  /** No complete answer (body included) within `timeout`. Not retried. */
  | 'TIMEOUT'
  /** A status other than 200. 5xx is retried, everything else is not. */
  | 'HTTP_ERROR'
  /** The answer is not what the contract says: no JSON, wrong number of vectors, wrong dimension. Not retried. */
  | 'PARSE_ERROR'
  /** The caller's `AbortSignal` fired, or the client was disposed. Its `name` is `AbortError`. */
  | 'ABORTED'
  /** The caller's own mistake: an option out of range, a text that is no string. No request was sent. */
  | 'INVALID_ARGUMENT'
  /** The server could not be started; `reason`, `exitCode` and the message say why. */
  | 'START_FAILED'
  /** Another process holds the port. It is never adopted. */
  | 'PORT_IN_USE'
  /** The port cannot be had though nobody holds it: the system keeps it (`reason` is `portReserved`), or the address is not this machine's. */
  | 'CANNOT_LISTEN'
  /** `pullModel()` could not get the model; `reason` says why. */
  | 'PULL_FAILED'
  /** The server runs another model than the client was told to expect. */
  | 'WRONG_MODEL'
  /** `stopSidecar()` ended a start that was under way. */
  | 'STOPPED';

export interface ActorEmbedErrorDetails {
  status?: number | undefined;
  body?: string | undefined;
  retryAfter?: number | undefined;
  exitCode?: number | null | undefined;
  reason?: ActorEmbedFailureReason | undefined;
  cause?: unknown;
  /** @internal */
  isFinal?: boolean;
}

/** The only error class this package throws. */
export class ActorEmbedError extends Error {
  readonly code: ActorEmbedErrorCode;

  /** HTTP status, where the server answered. */
  readonly status: number | undefined;

  /** The server's answer to a failed request, at most 64 KiB of it. */
  readonly body: string | undefined;

  /** Milliseconds the server asked to wait (`Retry-After`). */
  readonly retryAfter: number | undefined;

  /** Exit code of a server that could not be started; null when a signal ended it. */
  readonly exitCode: number | null | undefined;

  /** Why the server could not be started, or the model not be pulled. */
  readonly reason: ActorEmbedFailureReason | undefined;

  /** @internal Whether another try would meet the same. */
  readonly isFinal: boolean;

  /** Number of requests that were sent before this error was given up on. */
  attempts = 0;

  constructor(code: ActorEmbedErrorCode, message: string, details: ActorEmbedErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    // Code that knows only the web's convention looks for this name.
    this.name = code === 'ABORTED' ? 'AbortError' : 'ActorEmbedError';
    this.code = code;
    this.status = details.status;
    this.body = details.body;
    this.retryAfter = details.retryAfter;
    this.exitCode = details.exitCode;
    this.reason = details.reason;
    this.isFinal = details.isFinal ?? false;
  }
}

/** @internal */
export function abortedError(signal: AbortSignal): ActorEmbedError {
  // Whoever aborts with one of our own errors (a time-out, a stop) wants exactly that error to surface.
  return signal.reason instanceof ActorEmbedError
    ? signal.reason
    : new ActorEmbedError('ABORTED', 'The operation was aborted.', { cause: signal.reason });
}
