/** Requests to the server that this page came from, with its key where it has one. */

/** How often a request that the server has no room for is sent again. */
const MAX_TRIES = 6;

/** The longest wait before that, whatever the server asks for, in seconds. */
const LONGEST_WAIT = 15;

/** The API key: in this variable and nowhere else. @type {string | null} */
let key = null;

/** @type {(isWrong: boolean) => Promise<string>} */
let askForKey = () => Promise.reject(new Error('The server wants a key.'));

/** A refusal of the server, in its own words. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Whether the page has been given a key. */
export const hasKey = () => key !== null;

/** @param {(isWrong: boolean) => Promise<string>} ask called when the server wants a key; true when it refused the last one */
export function onKeyWanted(ask) {
  askForKey = ask;
}

/**
 * The answer to a request. One that the server has no room for is sent again; one that it wants a key for, once it is there.
 * @param {string} path
 * @param {{ body?: object, accept?: string, signal?: AbortSignal }} [options] a body is posted as JSON
 * @returns {Promise<Response>}
 */
export async function request(path, { body, accept, signal } = {}) {
  for (let tries = 1; ; tries++) {
    const sentKey = key;
    const response = await fetch(path, {
      method: body ? 'POST' : 'GET',
      body: body && JSON.stringify(body),
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(accept && { Accept: accept }),
        ...(sentKey !== null && { Authorization: `Bearer ${sentKey}` }),
      },
      cache: 'no-store',
      signal,
    });
    if (response.ok)
      return response;
    if (response.status === 401) {
      // Another request may have been given one meanwhile.
      if (key === sentKey)
        key = await askForKey(sentKey !== null);
    } else if (isOverload(response) && tries < MAX_TRIES) {
      await wait(secondsToWait(response), signal);
    } else {
      throw new Refusal(response.status, await reasonOf(response));
    }
  }
}

/**
 * @param {string} path
 * @param {{ body?: object, signal?: AbortSignal }} [options]
 */
export const requestJson = async (path, options) => (await request(path, options)).json();

/**
 * What to tell a person about a request that failed.
 * @param {any} error
 */
export function explain(error) {
  if (error instanceof Refusal)
    return error.message;
  return error instanceof TypeError ? 'The server cannot be reached.' : String(error?.message ?? error);
}

/**
 * @param {number} seconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export const wait = (seconds, signal) => new Promise((resolve, reject) => {
  signal?.throwIfAborted();
  const timer = setTimeout(resolve, seconds * 1000);
  signal?.addEventListener('abort', () => {
    clearTimeout(timer);
    reject(signal.reason);
  }, { once: true });
});

/** @param {Response} response */
const isOverload = response => (response.status === 503 || response.status === 429) && response.headers.has('Retry-After');

/** @param {Response} response */
const secondsToWait = response => Math.min(Math.max(Number(response.headers.get('Retry-After')) || 1, 0.5), LONGEST_WAIT);

/**
 * The dialects put it under different names.
 * @param {Response} response
 */
async function reasonOf(response) {
  const answer = await response.json().catch(() => ({}));
  const reason = answer.detail ?? answer.error?.message ?? answer.error ?? answer.reason;
  return typeof reason === 'string' ? reason : `The server answered ${response.status}.`;
}
