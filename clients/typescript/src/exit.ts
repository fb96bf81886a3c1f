/** How a server process ended. */
export interface ProcessExit {
  /** Exit code; null when a signal ended the process, or when it never ran. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why the process never ran. */
  spawnError?: Error;
}

export const EXIT_PORT_IN_USE = 4;

/** Exit codes that another start with the same settings would only repeat. */
const CONFIGURATION_EXITS: ReadonlyMap<number, string> = new Map([
  [2, 'an option or setting is invalid'],
  [3, 'the model is missing or damaged'],
  [EXIT_PORT_IN_USE, 'it cannot listen on its address'],
]);

/** Whether restarting is pointless until somebody changes something. */
export function isConfigurationExit(exit: ProcessExit): boolean {
  return exit.spawnError !== undefined || (exit.code !== null && CONFIGURATION_EXITS.has(exit.code));
}

export function describeExit(exit: ProcessExit): string {
  if (exit.spawnError !== undefined) return `it could not be run: ${exit.spawnError.message}`;
  if (exit.signal !== null) return `signal ${exit.signal} ended it`;
  const meaning = CONFIGURATION_EXITS.get(exit.code ?? -1);
  return `it exited with code ${exit.code}${meaning === undefined ? '' : ` (${meaning})`}`;
}
