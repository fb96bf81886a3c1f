import { StringDecoder } from 'node:string_decoder';
import { Readable } from 'node:stream';

/** A line beyond this is cut: a server that writes without line ends must not grow its parent's memory. */
const MAX_LINE_CHARS = 16_384;

/** Calls back for each complete line, and at the end for an unfinished one. Keeps the pipe drained. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const flush = (line: string): void => {
    const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (trimmed !== '') onLine(trimmed.slice(0, MAX_LINE_CHARS));
  };
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARS);
    lines.forEach(flush);
  });
  stream.on('end', () => flush(rest + decoder.end()));
  // A pipe may break when its process dies; the exit says all there is to say.
  stream.on('error', () => {});
}
