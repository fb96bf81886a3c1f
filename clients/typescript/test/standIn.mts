/**
 * A small server that behaves towards its parent as the real executable does, and misbehaves as the scenario in the
 * environment variable STAND_IN asks. It takes the same flags.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import type { Scenario } from './standInScenario.mjs';
import { vectorOf } from './scriptedServer.mjs';

const scenario = JSON.parse(process.env['STAND_IN'] ?? '{}') as Scenario;
const { values: flags } = parseArgs({
  options: {
    'port': { type: 'string', default: '8421' },
    'model': { type: 'string', default: 'stand-in/tiny' },
    'exit-with-parent': { type: 'boolean', default: false },
    'parent-pid': { type: 'string' },
    'revision': { type: 'string' },
    'threads': { type: 'string' },
    'device': { type: 'string' },
    'precision': { type: 'string' },
    'json': { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

log(`flags ${process.argv.slice(2).join(' ')}`);
log(`HF_HUB_CACHE ${process.env['HF_HUB_CACHE'] ?? 'unset'}`);
for (const line of scenario.says ?? []) process.stdout.write(`${JSON.stringify(line)}\n`);
if (scenario.exitCode !== undefined) {
  log(scenario.lastWords ?? 'the stand-in exits as told');
  process.exit(scenario.exitCode);
}
if (scenario.exitsFile !== undefined && existsSync(scenario.exitsFile)) {
  const [next, ...rest] = JSON.parse(readFileSync(scenario.exitsFile, 'utf8')) as number[];
  if (next !== undefined) {
    writeFileSync(scenario.exitsFile, JSON.stringify(rest));
    process.exit(next);
  }
}

if (flags['exit-with-parent']) {
  process.stdin.on('end', () => process.exit(0)).resume();
}
// A pull that goes on until it is told otherwise.
if (scenario.hangs) setInterval(() => {}, 60_000);

if (scenario.exitsUnless !== undefined && flags.port !== scenario.exitsUnless) process.exit(4);

const held: (() => void)[] = [];
const server = createServer((request, response) => {
  response.setHeader('Server', scenario.serverHeader ?? 'ActorEmbed');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request.url ?? '', Buffer.concat(chunks).toString('utf8'), response));
});

function answer(path: string, body: string, response: ServerResponse): void {
  const send = (value: unknown): void => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(value));
  };
  if (path === '/health') {
    response.statusCode = scenario.unhealthy ? 503 : 200;
    send({ status: scenario.unhealthy ? 'loading' : 'ok', model: flags.model.split('/').pop(), dim: 3, device: 'cpu' });
  } else if (path === '/say') {
    process.stdout.write(`${body}\n`, () => send({}));
  } else if (path === '/info') {
    send({ model_id: flags.model, dim: 3, device: 'cpu', version: '1.0.0', pid: scenario.infoPid ?? process.pid });
  } else {
    const { texts } = JSON.parse(body) as { texts: string[] };
    const vectors = (): void => send({ vectors: texts.map(vectorOf) });
    // A text that begins so is answered only when the server drains, or never.
    if (texts[0]?.startsWith('hold')) {
      held.push(vectors);
      log('holding');
    } else {
      vectors();
    }
  }
}

process.on('SIGTERM', () => {
  log('draining');
  if (scenario.ignoresTerm) return;
  server.close(() => process.exit(0));
  for (const release of held) release();
  server.closeIdleConnections();
});

server.on('error', (error) => {
  log(error.message);
  process.exit(4);
});
if (!scenario.hangs) server.listen(Number(flags.port), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  log(`listening on ${url}`);
  if (scenario.ready === 'never' || scenario.ready === 'health') return;
  process.stdout.write('a line that is not for the parent\n');
  process.stdout.write(`${JSON.stringify({ event: 'ready', url: scenario.readyUrl ?? url, model: flags.model, dim: 3, pid: process.pid })}\n`);
});
