import { endianness } from 'node:os';
import { ActorEmbedError } from './error.js';
import { HttpReply } from './exchange.js';

/** Either form a server may answer in: JSON numbers, or rows of float32. */
export type Vectors = number[][] | Float32Array[];

/** Id of the model that made the vectors, from servers that tell it; what a header cannot hold is escaped as in an address. */
export function modelOf(reply: HttpReply): string | undefined {
  const header = reply.headers['x-embedding-model'];
  return typeof header === 'string' ? decodeURIComponent(header) : undefined;
}

/**
 * The vectors of a 200 answer, checked: as many as there were texts, all of one dimension, all finite.
 * @throws {ActorEmbedError} PARSE_ERROR
 */
export function readVectors(reply: HttpReply, count: number, dimensions: number | undefined): Vectors {
  const vectors = mediaType(reply) === 'application/octet-stream' ? readFloat32(reply) : readJson(reply);
  if (vectors.length !== count)
    throw parseError(`${count} texts were sent, but ${vectors.length} vectors came back`);
  const expected = dimensions ?? vectors[0]?.length ?? 0;
  for (const [index, vector] of vectors.entries()) {
    if (vector.length !== expected || expected === 0)
      throw parseError(`vector ${index} has ${vector.length} dimensions, expected ${expected === 0 ? 'some' : expected}`);
    if (!(vector as number[]).every(Number.isFinite))
      throw parseError(`vector ${index} holds a value that is no finite number`);
  }
  return vectors;
}

/** Raw little-endian float32, row after row; the two headers say how many rows of what length. */
function readFloat32(reply: HttpReply): Float32Array[] {
  const count = wholeNumber(reply.headers['x-embedding-count']);
  const dimensions = wholeNumber(reply.headers['x-embedding-dimensions']);
  if (count === undefined || dimensions === undefined)
    throw parseError('the binary answer lacks X-Embedding-Count or X-Embedding-Dimensions');
  const rowBytes = dimensions * Float32Array.BYTES_PER_ELEMENT;
  if (reply.body.length !== count * rowBytes)
    throw parseError(`the binary answer has ${reply.body.length} bytes, expected ${count} x ${dimensions} floats`);
  // A Buffer may start at any offset of a shared pool; float32 views need alignment, and callers memory of their own.
  const own = Buffer.from(new ArrayBuffer(reply.body.length));
  reply.body.copy(own);
  if (endianness() === 'BE') own.swap32();
  return Array.from({ length: count }, (_, row) => new Float32Array(own.buffer, row * rowBytes, dimensions));
}

function readJson(reply: HttpReply): number[][] {
  const vectors = (readJsonObject(reply) as { vectors?: unknown }).vectors;
  if (!Array.isArray(vectors) || !vectors.every(Array.isArray))
    throw parseError('the answer has no "vectors" array of arrays');
  return vectors as number[][];
}

/** @throws {ActorEmbedError} PARSE_ERROR where the body is no JSON object. */
export function readJsonObject(reply: HttpReply): object {
  let value: unknown;
  try {
    value = JSON.parse(reply.body.toString('utf8'));
  } catch (cause) {
    throw parseError('the answer is no JSON', cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw parseError('the answer is no JSON object');
  return value;
}

export function parseError(what: string, cause?: unknown): ActorEmbedError {
  return new ActorEmbedError('PARSE_ERROR', `The server's answer is not usable: ${what}.`, { status: 200, cause });
}

function mediaType(reply: HttpReply): string {
  return (reply.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

function wholeNumber(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
