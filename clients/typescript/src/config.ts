import { MAX_TIMER_MS } from './clock.js';
import { ActorEmbedError } from './error.js';
import { Wish, WishOptions, resolveWish } from './wish.js';

/** The port of the Python sidecar this server replaces. */
export const DEFAULT_PORT = 8421;

export interface ActorEmbedClientConfig extends WishOptions {
  /** Default `http://127.0.0.1:8421`. Wins over `port`. */
  baseUrl?: string;
  /** Default 8421. */
  port?: number;
  /** Milliseconds one attempt may take, answer body included. Default 30000. */
  timeout?: number;
  /** Tries after the first: 2 means at most 3 requests. Default 2. */
  retryAttempts?: number;
  /** Milliseconds before a further try, where the server names no `Retry-After`. Default 1000. */
  retryDelay?: number;
  /** `auto` takes raw float32 from a server that offers it and JSON otherwise; `json` never asks. Default `auto`. */
  transfer?: 'auto' | 'json';
  /** Longest list sent in one request. Default: up to 64, fewer when `timeout` is short. */
  maxTextsPerRequest?: number;
  /** Most bytes of texts, as encoded in JSON, in one request; a single longer text still goes, alone. Default 1 MiB. */
  maxBytesPerRequest?: number;
  /** Requests in flight at once for one long list. Default 2. */
  maxConcurrentRequests?: number;
  /** Longest `Retry-After`, in milliseconds, that is waited for; a longer one fails at once. Default: `timeout`. */
  maxRetryAfter?: number;
  /** Bearer token, where the server asks for one. */
  token?: string;
}

export interface ResolvedClientConfig {
  baseUrl: URL;
  timeout: number;
  retryAttempts: number;
  retryDelay: number;
  transfer: 'auto' | 'json';
  maxTextsPerRequest: number;
  maxBytesPerRequest: number;
  maxConcurrentRequests: number;
  maxRetryAfter: number;
  wish: Wish;
  token: string | undefined;
}

/** One request computing and one waiting at the server, so that it never idles between two; more would only queue. */
const DEFAULT_CONCURRENT_REQUESTS = 2;

/**
 * Two of the server's batches of 32. At 55 texts/s, the lower of the rates the old sidecar claimed, two such requests
 * take 2.3 s together; beyond 64 the cost of a request (about 1 ms) no longer shows.
 */
const MOST_TEXTS_PER_REQUEST = 64;

/** A tenth of the old sidecar's 55 texts/s: a slow, busy machine. What a request may hold is counted at this rate. */
const SLOW_MACHINE_TEXTS_PER_SECOND = 5.5;

/** Far above what 64 texts of 128 tokens need (about 40 KB), far below any server's limit on bodies (Kestrel: 30 MB). */
const DEFAULT_BYTES_PER_REQUEST = 1_048_576;

export function resolveClientConfig(config: ActorEmbedClientConfig): ResolvedClientConfig {
  const timeout = milliseconds('timeout', config.timeout, 30_000, 1);
  const maxConcurrentRequests = count('maxConcurrentRequests', config.maxConcurrentRequests, DEFAULT_CONCURRENT_REQUESTS, 1);
  const textsThatFitTheTimeout = Math.floor(((timeout / 1000) * SLOW_MACHINE_TEXTS_PER_SECOND) / maxConcurrentRequests);
  if (config.transfer !== undefined && config.transfer !== 'auto' && config.transfer !== 'json')
    throw invalid('transfer', `must be 'auto' or 'json'`, config.transfer);
  checkToken(config.token);
  return {
    baseUrl: resolveBaseUrl(config),
    timeout,
    retryAttempts: count('retryAttempts', config.retryAttempts, 2, 0),
    retryDelay: milliseconds('retryDelay', config.retryDelay, 1000, 0),
    transfer: config.transfer ?? 'auto',
    maxTextsPerRequest: count('maxTextsPerRequest', config.maxTextsPerRequest,
      Math.min(MOST_TEXTS_PER_REQUEST, Math.max(1, textsThatFitTheTimeout)), 1),
    maxBytesPerRequest: count('maxBytesPerRequest', config.maxBytesPerRequest, DEFAULT_BYTES_PER_REQUEST, 1),
    maxConcurrentRequests,
    maxRetryAfter: milliseconds('maxRetryAfter', config.maxRetryAfter, timeout, 0),
    wish: resolveWish(config),
    token: config.token,
  };
}

function resolveBaseUrl(config: ActorEmbedClientConfig): URL {
  if (config.baseUrl !== undefined) return parseBaseUrl(config.baseUrl);
  return new URL(`http://127.0.0.1:${portNumber(config.port, DEFAULT_PORT, 1)}/`);
}

/** @throws {ActorEmbedError} INVALID_ARGUMENT for anything but an http or https address. */
export function parseBaseUrl(baseUrl: string): URL {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch (cause) {
    throw invalid('baseUrl', 'must be an address like http://127.0.0.1:8421', baseUrl, cause);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw invalid('baseUrl', 'must begin with http:// or https://', baseUrl);
  url.search = '';
  url.hash = '';
  // Without the slash, resolving `embed` against `http://host/prefix` would drop the prefix.
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

export function portNumber(value: number | undefined, standard: number, least: 0 | 1): number {
  const port = value ?? standard;
  if (!Number.isInteger(port) || port < least || port > 65_535)
    throw invalid('port', `must be a whole number from ${least} to 65535`, port);
  return port;
}

export function milliseconds(name: string, value: number | undefined, standard: number, least: number): number {
  const chosen = value ?? standard;
  if (typeof chosen !== 'number' || !(chosen >= least) || chosen > MAX_TIMER_MS)
    throw invalid(name, `must be a number of milliseconds from ${least} to ${MAX_TIMER_MS}`, chosen);
  return chosen;
}

/** A header takes printable ASCII only; the token itself must not show up in a message. */
export function checkToken(token: string | undefined): void {
  if (token !== undefined && (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)))
    throw new ActorEmbedError('INVALID_ARGUMENT', 'Option token must be printable ASCII without spaces.');
}

export function count(name: string, value: number | undefined, standard: number, least: number): number {
  const chosen = value ?? standard;
  if (!Number.isSafeInteger(chosen) || chosen < least)
    throw invalid(name, `must be a whole number, ${least} or more`, chosen);
  return chosen;
}

export function invalid(name: string, rule: string, value: unknown, cause?: unknown): ActorEmbedError {
  return new ActorEmbedError('INVALID_ARGUMENT', `Option ${name} ${rule}; it is ${String(value)}.`, { cause });
}
