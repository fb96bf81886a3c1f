import { ActorEmbedFailureReason } from './failureReason.js';

/** How a server process ended. */
export interface ProcessExit {
  /** Exit code; null when a signal ended the process, or when it never ran. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why the process never ran. */
  spawnError?: Error;
}

export const EXIT_CANNOT_LISTEN = 4;

interface Meaning {
  text: string;
  reason: ActorEmbedFailureReason;
  /** Whether another start with the same settings would only repeat it. */
  isConfiguration: boolean;
}

const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  [2, { text: 'an option or setting is invalid', reason: 'options', isConfiguration: true }],
  [3, { text: 'the model is missing or damaged, or the device cannot be had', reason: 'model', isConfiguration: true }],
  [EXIT_CANNOT_LISTEN, { text: 'it cannot listen on its address', reason: 'cannotListen', isConfiguration: true }],
  [5, { text: 'inference failed', reason: 'inference', isConfiguration: false }],
  [8, { text: 'the model could not be downloaded now', reason: 'network', isConfiguration: false }],
  [9, { text: 'the system lacks a library that the server needs', reason: 'missingRuntime', isConfiguration: true }],
]);

/** What Windows ends a process with whose libraries are missing, or too old (they crash). */
const WINDOWS_LIBRARY_FAILURES: ReadonlyMap<number, string> = new Map([
  [0xc0000135, 'a library is missing'],
  [0xc0000005, 'it crashed while it read memory'],
]);

/** Whether restarting is pointless until somebody changes something. */
export function isConfigurationExit(exit: ProcessExit): boolean {
  return exit.spawnError !== undefined || (MEANINGS.get(exit.code ?? -1)?.isConfiguration ?? false);
}

/** What an exit says by itself; a server that can say more does so in a line of its own. */
export function reasonOfExit(exit: ProcessExit, platform: NodeJS.Platform = process.platform): ActorEmbedFailureReason {
  if (exit.spawnError !== undefined) return reasonOfSpawnError(exit.spawnError, platform);
  if (platform === 'win32' && WINDOWS_LIBRARY_FAILURES.has(exit.code ?? -1)) return 'missingRuntime';
  return MEANINGS.get(exit.code ?? -1)?.reason ?? 'crashed';
}

export function describeExit(exit: ProcessExit, platform: NodeJS.Platform = process.platform): string {
  if (exit.spawnError !== undefined) {
    const advice = SPAWN_ADVICE[reasonOfSpawnError(exit.spawnError, platform)];
    return `it could not be run: ${exit.spawnError.message}${advice === undefined ? '' : ` (${advice})`}`;
  }
  if (exit.signal !== null) return `signal ${exit.signal} ended it`;
  const library = platform === 'win32' ? WINDOWS_LIBRARY_FAILURES.get(exit.code ?? -1) : undefined;
  if (library !== undefined) {
    return `it exited with code 0x${(exit.code ?? 0).toString(16)} (${library}; most often the Microsoft Visual C++ ` +
      'Redistributable is missing or older than 14.40)';
  }
  const meaning = MEANINGS.get(exit.code ?? -1)?.text;
  return `it exited with code ${exit.code}${meaning === undefined ? '' : ` (${meaning})`}`;
}

/** EBADARCH of macOS, which libuv has no name for. */
const BAD_CPU_TYPE = -86;

const SPAWN_ADVICE: Partial<Record<ActorEmbedFailureReason, string>> = {
  wrongArchitecture: 'it was built for another processor; there is no server for Macs with Intel processors',
  blocked: 'Windows or a virus scanner does not let it run; sign the executable',
  notExecutable: 'the file may not be executed: chmod +x',
};

function reasonOfSpawnError(error: NodeJS.ErrnoException, platform: NodeJS.Platform): ActorEmbedFailureReason {
  if (error.errno === BAD_CPU_TYPE && platform === 'darwin') return 'wrongArchitecture';
  if (error.code === 'ENOEXEC') return 'wrongArchitecture';
  if (error.code === 'ENOENT') return 'executableNotFound';
  if (platform === 'win32' && (error.code === 'UNKNOWN' || error.code === 'EPERM')) return 'blocked';
  return error.code === 'EACCES' ? 'notExecutable' : 'notStarted';
}
