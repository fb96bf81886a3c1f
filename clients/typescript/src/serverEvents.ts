import { ActorEmbedFailureReason } from './failureReason.js';
import { ActorEmbedProgress } from './progress.js';

/** The line a server prints on standard output once it can embed. */
export interface ReadyLine {
  url: URL;
  pid: number;
  model: string | undefined;
  dim: number | undefined;
}

/** Why the server gave up, in its own words. */
export interface FailedLine {
  reason: ActorEmbedFailureReason;
  message: string;
}

/** What a line of the server's standard output says. */
export type ServerEvent =
  | { event: 'ready'; ready: ReadyLine }
  | { event: 'progress'; progress: ActorEmbedProgress }
  | { event: 'failed'; failed: FailedLine }
  | { event: 'pulled'; directory: string };

/** Undefined for lines that are none, and for events of later versions. */
export function parseServerEvent(line: string): ServerEvent | undefined {
  try {
    const value = JSON.parse(line) as Record<string, unknown> | null;
    switch (value?.['event']) {
      case 'ready': return readyEvent(value);
      case 'progress': return { event: 'progress', progress: progressOf(value) };
      case 'failed': return { event: 'failed', failed: failedOf(value) };
      case 'pulled': return typeof value['directory'] === 'string' ? { event: 'pulled', directory: value['directory'] } : undefined;
      default: return undefined;
    }
  } catch {
    return undefined;
  }
}

function readyEvent(value: Record<string, unknown>): ServerEvent | undefined {
  const { url, pid, model, dim } = value;
  if (typeof url !== 'string' || typeof pid !== 'number') return undefined;
  return {
    event: 'ready',
    ready: {
      url: new URL(url),
      pid,
      model: typeof model === 'string' ? model : undefined,
      dim: typeof dim === 'number' ? dim : undefined,
    },
  };
}

function progressOf(value: Record<string, unknown>): ActorEmbedProgress {
  return {
    model: text(value['model']) ?? '',
    stage: text(value['stage']) ?? '',
    file: text(value['file']) ?? null,
    bytes: number(value['bytes']),
    size: number(value['size']),
    fraction: number(value['fraction']),
    note: text(value['note']) ?? null,
  };
}

function failedOf(value: Record<string, unknown>): FailedLine {
  return {
    // A reason that a later version gives is passed on as it is: better than to call it something else.
    reason: (text(value['reason']) ?? 'crashed') as ActorEmbedFailureReason,
    message: text(value['message']) ?? '',
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
