import * as http from 'node:http';
import * as https from 'node:https';
import { Clock } from './clock.js';
import { ActorEmbedError, abortedError } from './error.js';

export interface HttpCall {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string | undefined;
  /** Milliseconds from now to the last byte of the answer. */
  timeout: number;
  signal: AbortSignal;
  clock: Clock;
  agent?: http.Agent | undefined;
}

export interface HttpReply {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** 64 texts of 4,096 dimensions are 6 MB in JSON; a body of this size comes from something that is no such server. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/**
 * One request and its complete answer, whatever the status.
 *
 * node:http rather than fetch: the deadline covers the body, a reset in mid-body keeps its own error code, and the
 * connections belong to an agent that can be closed. fetch offers none of the three without the undici package.
 *
 * @throws {ActorEmbedError} NETWORK_ERROR, TIMEOUT, PARSE_ERROR (the peer does not speak HTTP) or ABORTED.
 */
export function exchange(call: HttpCall): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    if (call.signal.aborted) {
      reject(abortedError(call.signal));
      return;
    }

    const request = (call.url.protocol === 'https:' ? https : http).request(call.url, {
      method: call.method,
      headers: call.body === undefined
        ? call.headers
        : { ...call.headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(call.body) },
      agent: call.agent ?? false,
      // `localhost` may mean ::1 first; Node 18 would try no second address by itself.
      autoSelectFamily: true,
    } as https.RequestOptions);

    const onAbort = (): void => fail(abortedError(call.signal));
    const timer = call.clock.setTimeout(
      () => fail(new ActorEmbedError('TIMEOUT', `No complete answer from ${call.url.href} within ${call.timeout} ms.`)),
      call.timeout);
    call.signal.addEventListener('abort', onAbort, { once: true });

    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      timer.cancel();
      call.signal.removeEventListener('abort', onAbort);
      return true;
    };
    const fail = (error: ActorEmbedError): void => {
      if (!settle()) return;
      reject(error);
      request.destroy();
    };

    // Stays attached after settling: a destroyed request may still report an error, which is nobody's any more.
    request.on('error', (cause) => fail(connectionError(call, cause)));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_BODY_BYTES)
          fail(new ActorEmbedError('PARSE_ERROR', `${call.url.href} sent more than ${MAX_BODY_BYTES} bytes.`));
      });
      response.on('error', (cause) => fail(connectionError(call, cause)));
      response.on('close', () => fail(connectionError(call, new Error('the connection closed in mid-body'))));
      response.on('end', () => {
        if (response.complete && settle())
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks, size) });
      });
    });
    request.end(call.body);
  });
}

function connectionError(call: HttpCall, cause: Error): ActorEmbedError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const reason = code === '' || cause.message.includes(code) ? cause.message : `${code} ${cause.message}`;
  // HPE_*: bytes came, but they are no HTTP, and the next try would bring the same. An early end is a reset, though.
  const notHttp = code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE';
  return notHttp
    ? new ActorEmbedError('PARSE_ERROR', `${call.url.href} did not answer in HTTP: ${reason}.`, { cause })
    : new ActorEmbedError('NETWORK_ERROR', `Request to ${call.url.href} failed: ${reason}.`, { cause });
}
