import { adviceFor } from './advice.js';
import { Timer, delay } from './clock.js';
import { ServerInfo } from './client.js';
import { ActorEmbedError, ActorEmbedErrorCode, abortedError } from './error.js';
import { EXIT_CANNOT_LISTEN, ProcessExit, describeExit, reasonOfExit } from './exit.js';
import { ActorEmbedFailureReason } from './failureReason.js';
import { Identity, IdentityQuery, identify, isHealthy } from './identity.js';
import { ReadyLine } from './serverEvents.js';
import { SidecarProcess } from './sidecarProcess.js';

/** A server of ours that can embed. */
export interface ReadyServer {
  url: URL;
  pid: number;
  model: string | null;
  dim: number | null;
  device: string | null;
  version: string | null;
}

/** For servers whose ready line does not get through (a wrapper that swallows it): how often /info is asked. */
const ASK_EVERY_MS = 250;

/**
 * Resolves when this very process serves: on its ready line, checked against who really answers at that address, or
 * when `/info` on the fixed port carries its process id and `/health` agrees. The time-out counts silence: a download
 * takes as long as it takes, and the server says that it goes on.
 * @throws {ActorEmbedError} PORT_IN_USE, CANNOT_LISTEN, START_FAILED, or what the signal was aborted with.
 */
export async function becomesReady(sidecar: SidecarProcess, port: number, startTimeout: number, query: IdentityQuery): Promise<ReadyServer> {
  const scope = new AbortController();
  const inner: IdentityQuery = { ...query, signal: scope.signal };
  const onAbort = (): void => scope.abort(abortedError(query.signal));
  query.signal.addEventListener('abort', onAbort, { once: true });
  const setDeadline = (): Timer => query.clock.setTimeout(() => scope.abort(new ActorEmbedError('START_FAILED',
    `The server was not ready within ${startTimeout} ms, nor did it say what it was doing.${quoteLog(sidecar)}`,
    { reason: 'timeout' })), startTimeout);
  let deadline = setDeadline();
  const forget = sidecar.onSign(() => {
    deadline.cancel();
    deadline = setDeadline();
  });
  try {
    if (query.signal.aborted) throw abortedError(query.signal);
    return await Promise.race([
      new Promise<never>((_, reject) => {
        scope.signal.addEventListener('abort', () => reject(abortedError(scope.signal)), { once: true });
      }),
      sidecar.exited.then(async (exit) => { throw await startFailure(sidecar, exit, port, inner); }),
      sidecar.ready.then((line) => verify(line, inner)),
      ...(port === 0 ? [] : [askUntilReady(sidecar, new URL(`http://127.0.0.1:${port}/`), inner)]),
    ]);
  } finally {
    forget();
    deadline.cancel();
    query.signal.removeEventListener('abort', onAbort);
    scope.abort();
  }
}

/** A system may let two programs listen on one port by different addresses; then another one answers our calls. */
async function verify(line: ReadyLine, query: IdentityQuery): Promise<ReadyServer> {
  const identity = await identify(line.url, query);
  const isOurs = identity.kind === 'actorembed' && (identity.info?.pid === undefined || identity.info.pid === line.pid);
  if (!isOurs && identity.kind !== 'silent') throw portInUse(line.url, identity);
  if (identity.kind === 'silent')
    throw new ActorEmbedError('START_FAILED', `The server said it was ready at ${line.url.href}, but: ${identity.description}`);
  return readyServer(line.url, line.pid, identity.kind === 'actorembed' ? identity.info : undefined, line);
}

async function askUntilReady(sidecar: SidecarProcess, url: URL, query: IdentityQuery): Promise<ReadyServer> {
  for (;;) {
    await delay(query.clock, ASK_EVERY_MS, query.signal);
    const identity = await identify(url, query);
    if (identity.kind === 'actorembed' && identity.info?.pid !== undefined && identity.info.pid === sidecar.pid
      && await isHealthy(url, query))
      return readyServer(url, identity.info.pid, identity.info, undefined);
  }
}

function readyServer(url: URL, pid: number, info: ServerInfo | undefined, line: ReadyLine | undefined): ReadyServer {
  return {
    url,
    pid,
    model: info?.model_id ?? line?.model ?? null,
    dim: info?.dim ?? line?.dim ?? null,
    device: info?.device ?? null,
    version: info?.version ?? null,
  };
}

async function startFailure(sidecar: SidecarProcess, exit: ProcessExit, port: number, query: IdentityQuery): Promise<ActorEmbedError> {
  if (exit.code === EXIT_CANNOT_LISTEN && port !== 0 && sidecar.failed?.reason !== 'portReserved') {
    const url = new URL(`http://127.0.0.1:${port}/`);
    const holder = await identify(url, query);
    if (holder.kind !== 'silent') return portInUse(url, holder, exit);
  }
  const reason = sidecar.failed?.reason ?? reasonOfExit(exit);
  const words = sidecar.failed === undefined ? quoteLog(sidecar) : `\n${sidecar.failed.message}`;
  return new ActorEmbedError(codeOf(exit, reason), `The server did not start: ${describeExit(exit)}.${words}${adviceFor(reason)}`,
    { exitCode: exit.code, cause: exit.spawnError, reason });
}

function codeOf(exit: ProcessExit, reason: ActorEmbedFailureReason): ActorEmbedErrorCode {
  if (exit.code !== EXIT_CANNOT_LISTEN) return 'START_FAILED';
  // A server that does not tell the two apart: most often somebody has the port.
  return reason === 'portReserved' ? 'CANNOT_LISTEN' : 'PORT_IN_USE';
}

function portInUse(url: URL, holder: Identity, exit?: ProcessExit): ActorEmbedError {
  const who = holder.kind === 'actorembed'
    ? `another ActorEmbed (pid ${holder.info?.pid ?? 'unknown'}, model ${holder.info?.model_id ?? 'unknown'})`
    : holder.kind === 'stranger' ? `another program (${holder.description})` : 'another program';
  return new ActorEmbedError('PORT_IN_USE',
    `${who} answers at ${url.host}; it is not used. Choose another port, or 0 for a free one.`,
    { exitCode: exit?.code, reason: 'portInUse' });
}

function quoteLog(sidecar: SidecarProcess): string {
  return sidecar.logTail === '' ? '' : `\nIts last words:\n${sidecar.logTail}`;
}
