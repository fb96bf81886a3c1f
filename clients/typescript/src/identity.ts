import { Clock } from './clock.js';
import { ServerInfo } from './client.js';
import { exchange } from './exchange.js';

/** Who answers at an address. A 200 alone proves nothing: any program may hold the port. */
export type Identity =
  | { kind: 'actorembed'; info: ServerInfo | undefined }
  | { kind: 'stranger'; description: string }
  | { kind: 'silent'; description: string };

export interface IdentityQuery {
  signal: AbortSignal;
  clock: Clock;
  token: string | undefined;
}

/** /info computes nothing; a server that takes longer is not one to wait for. */
const ANSWER_WITHIN_MS = 5000;

/** Asks `/info`, and believes an answer only if it carries the server's `Server` header, or names model, version and pid. */
export async function identify(baseUrl: URL, query: IdentityQuery): Promise<Identity> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (query.token !== undefined) headers['Authorization'] = `Bearer ${query.token}`;
  try {
    const reply = await exchange({
      method: 'GET', url: new URL('info', baseUrl), headers, timeout: ANSWER_WITHIN_MS, signal: query.signal, clock: query.clock,
    });
    const info = reply.status === 200 ? parseInfo(reply.body) : undefined;
    const name = String(reply.headers.server ?? '');
    // The old sidecar's /info, and anything that imitates it, names no process.
    const namesItself = typeof info?.pid === 'number' && typeof info.version === 'string';
    if (namesItself || /^ActorEmbed\b/i.test(name)) return { kind: 'actorembed', info };
    return { kind: 'stranger', description: name === '' ? `a server that answers ${reply.status}` : name };
  } catch (error) {
    return { kind: 'silent', description: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether `/health` says that the model is loaded. */
export async function isHealthy(baseUrl: URL, query: IdentityQuery): Promise<boolean> {
  try {
    const reply = await exchange({
      method: 'GET', url: new URL('health', baseUrl), headers: { Accept: 'application/json' },
      timeout: ANSWER_WITHIN_MS, signal: query.signal, clock: query.clock,
    });
    return reply.status === 200;
  } catch {
    return false;
  }
}

function parseInfo(body: Buffer): ServerInfo | undefined {
  try {
    const info = JSON.parse(body.toString('utf8')) as Partial<ServerInfo> | null;
    return typeof info?.model_id === 'string' && typeof info.dim === 'number' ? (info as ServerInfo) : undefined;
  } catch {
    return undefined;
  }
}
