import { ActorEmbedError } from './error.js';
import { faultyField, reasonOf } from './errorBody.js';
import { HttpReply } from './exchange.js';

/** Enough of an error body for any message a server means to be read. */
const MAX_ERROR_BODY_CHARS = 65_536;

/** The contract's rule: connection failures and 5xx may pass by themselves, everything else would fail again. */
export function isRetryable(error: ActorEmbedError): boolean {
  return (error.code === 'NETWORK_ERROR' && !error.isFinal) || (error.code === 'HTTP_ERROR' && (error.status ?? 0) >= 500);
}

export function httpError(method: string, url: URL, reply: HttpReply): ActorEmbedError {
  const body = reply.body.toString('utf8').slice(0, MAX_ERROR_BODY_CHARS);
  const reason = reasonOf(body);
  const isWrongModel = (reply.status === 404 || reply.status === 422) && faultyField(body) === 'model';
  return new ActorEmbedError(isWrongModel ? 'WRONG_MODEL' : 'HTTP_ERROR',
    `${method} ${url.href} was answered with ${reply.status}${reason === '' ? '' : `: ${reason}`}`,
    { status: reply.status, body, retryAfter: retryAfter(reply.headers['retry-after']) });
}

/** Milliseconds, from either form of the header: seconds, or a date. */
export function retryAfter(header: string | undefined, wallClock: () => number = Date.now): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // A date has letters; without this check Date.parse would read "-1" as a year.
  const date = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallClock());
}
