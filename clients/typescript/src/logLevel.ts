export type ActorEmbedLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** How the server marks its lines, after the time. */
const MARKS: Readonly<Record<string, ActorEmbedLogLevel>> = {
  trce: 'debug', dbug: 'debug', info: 'info', warn: 'warn', fail: 'error', crit: 'error',
};

/** The level of a line of the server's log; `info` where it names none. */
export function levelOf(line: string): ActorEmbedLogLevel {
  // What ends a start is one line that begins with the program's name.
  if (line.startsWith('actorembed: ')) return 'error';
  return MARKS[/^(?:\S+ )?([a-z]{4}): /.exec(line)?.[1] ?? ''] ?? 'info';
}
