/** What the real executable cannot be made to do on demand: the stand-in plays every kind of bad server. */
import { ActorEmbedService } from '@actorembed/client';
import type { ActorEmbedServiceConfig } from '@actorembed/client';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { failure } from './internals.mjs';
import { ScriptedServer, json, vectorOf } from './scriptedServer.mjs';
import { create, createTimed, freePort, logged, open } from './services.mjs';
import { standInExecutable } from './standInScenario.mjs';

const notOnWindows = process.platform === 'win32' ? 'Windows has no signal that asks, and runs no scripts' : false;

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));
after(() => assert.deepEqual(rejections, []));

async function crash(service: ActorEmbedService): Promise<void> {
  const exit = once(service, 'exit');
  process.kill((await service.getStatus()).pid!, 'SIGKILL');
  await exit;
}

function exitsFile(...codes: number[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'exits-')), 'exits.json');
  writeFileSync(path, JSON.stringify(codes));
  return path;
}

describe('restarting', { timeout: 60_000 }, () => {
  it('waits 2000 ms by default, twice as long after each further crash, and 2000 again after a minute of service', async () => {
    const { service, clock } = createTimed();
    await service.startSidecar();
    for (const wait of [2000, 4000, 8000, 2000]) {
      if (clock.now() > 12_000) clock.advance(60_000);
      await crash(service);
      assert.equal((await service.getStatus()).state, 'restarting');
      assert.deepEqual(clock.delays, [wait]);
      clock.advance(wait - 1);
      assert.equal((await service.getStatus()).state, 'restarting');
      const ready = once(service, 'ready');
      clock.advance(1);
      await ready;
    }
    assert.equal((await service.getStatus()).restarts, 4);
  });

  it('grows no longer than the cap, also while starts fail', async () => {
    const file = exitsFile();
    const { service, clock } = createTimed({ exitsFile: file }, { restartDelay: 1000, maxRestartDelay: 3000 });
    await service.startSidecar();
    writeFileSync(file, JSON.stringify([1, 5, 139]));
    await crash(service);
    const waits: number[] = [];
    for (let start = 0; start < 3; start++) {
      waits.push(...clock.delays);
      const next = once(service, 'restart');
      clock.advance(clock.delays[0]!);
      await next;
    }
    waits.push(...clock.delays);
    assert.deepEqual(waits, [1000, 2000, 3000, 3000]);
    assert.match((await service.getStatus()).lastError ?? '', /code 139/);
    const ready = once(service, 'ready');
    clock.advance(3000);
    await ready;
    assert.equal((await service.getStatus()).lastError, null);
  });

  for (const code of [2, 3, 4])
    it(`ends at exit code ${code}, which means configuration`, async () => {
      const file = exitsFile();
      const { service, clock } = createTimed({ exitsFile: file });
      await service.startSidecar();
      writeFileSync(file, JSON.stringify([code]));
      await crash(service);
      const failed = new Promise<void>((resolve) => service.on('state', (state) => { if (state === 'failed') resolve(); }));
      clock.advance(2000);
      await failed;
      assert.equal((await service.getStatus()).lastExit?.code, code);
      assert.deepEqual(clock.delays, []);
    });

  it('does not happen when it is switched off', async () => {
    const { service, clock } = createTimed({}, { autoRestart: false });
    await service.startSidecar();
    await crash(service);
    assert.equal((await service.getStatus()).state, 'failed');
    assert.deepEqual(clock.delays, []);
    await service.startSidecar();
    assert.equal((await service.getStatus()).state, 'ready');
  });

  it('does not happen after stopSidecar() during the wait', async () => {
    const { service, clock } = createTimed();
    await service.startSidecar();
    await crash(service);
    await service.stopSidecar();
    assert.equal((await service.getStatus()).state, 'stopped');
    assert.deepEqual(clock.delays, []);
  });

  it('is brought forward by startSidecar()', async () => {
    const { service, clock } = createTimed();
    await service.startSidecar();
    await crash(service);
    await service.startSidecar();
    const status = await service.getStatus();
    assert.deepEqual([status.state, status.restarts, clock.delays], ['ready', 1, []]);
  });

  it('can be refused by a listener, which sees one exit', async () => {
    const { service, clock } = createTimed();
    let exits = 0;
    service.on('exit', () => exits++);
    await service.startSidecar();
    service.on('state', (state) => { if (state === 'restarting') void service.stopSidecar(); });
    await crash(service);
    assert.deepEqual([(await service.getStatus()).state, exits, clock.delays], ['stopped', 1, []]);
  });

  it('also follows a clean exit that nobody here asked for', { skip: notOnWindows }, async () => {
    const service = create({}, { restartDelay: 1 });
    await service.startSidecar();
    const ready = once(service, 'ready');
    process.kill((await service.getStatus()).pid!, 'SIGTERM');
    await ready;
    assert.deepEqual((await service.getStatus()).lastExit?.code, 0);
  });
});

describe('a start that fails', { timeout: 60_000 }, () => {
  it('quotes the last words of the server', async () => {
    const service = create({ exitCode: 3, lastWords: 'config.json: hidden_size is missing' });
    const error = await failure(service.startSidecar());
    assert.deepEqual([error.code, error.exitCode], ['START_FAILED', 3]);
    assert.match(error.message, /code 3 \(the model is missing or damaged, or the device cannot be had\)[^]*config\.json: hidden_size is missing/);
    const status = await service.getStatus();
    assert.deepEqual([status.state, status.lastError], ['failed', error.message]);
  });

  it('is not repeated, though it looks like a crash', async () => {
    const { service, clock } = createTimed({ exitCode: 1 });
    assert.equal((await failure(service.startSidecar())).exitCode, 1);
    assert.deepEqual([(await service.getStatus()).state, clock.delays], ['failed', []]);
  });

  it('names the place where the executable was not found', async () => {
    const byOption = await failure(create({}, { executablePath: '/no/such/actorembed' }).startSidecar());
    assert.match(byOption.message, /option executablePath says \/no\/such\/actorembed, which does not exist/);
    const byName = await failure(create({}, { executablePath: 'no-such-actorembed' }).startSidecar());
    assert.equal(byName.code, 'START_FAILED');
    const byVariable = new ActorEmbedService({ env: { ACTOREMBED_EXECUTABLE: '/no/such/thing' } });
    assert.match((await failure(byVariable.startSidecar())).message, /ACTOREMBED_EXECUTABLE says \/no\/such\/thing/);
    const nowhere = new ActorEmbedService({ env: { ACTOREMBED_EXECUTABLE: undefined, PATH: '' } });
    assert.match((await failure(nowhere.startSidecar())).message, /set the option executablePath or ACTOREMBED_EXECUTABLE/);
  });

  it('says so when the file is no executable', { skip: notOnWindows }, async () => {
    const service = create({}, { executablePath: exitsFile() });
    const error = await failure(service.startSidecar());
    assert.equal(error.code, 'START_FAILED');
    assert.match(error.message, /EACCES/);
    assert.equal((await service.getStatus()).pid, null);
  });

  it('ends after startTimeout, with the process', async () => {
    const { service, clock } = createTimed({ ready: 'never' }, { startTimeout: 1000 });
    const starting = failure(service.startSidecar());
    await logged(service, 'listening');
    const { pid } = await service.getStatus();
    clock.advance(1000);
    const error = await starting;
    assert.deepEqual([error.code, error.reason], ['START_FAILED', 'timeout']);
    assert.match(error.message, /not ready within 1000 ms/);
    assert.throws(() => process.kill(pid!, 0), { code: 'ESRCH' });
  });

  it('is STOPPED when stopSidecar() ends it', async () => {
    const service = create({ ready: 'never' });
    const starting = failure(service.startSidecar());
    await logged(service, 'listening');
    await service.stopSidecar();
    assert.equal((await starting).code, 'STOPPED');
    assert.equal((await service.getStatus()).state, 'stopped');
  });
});

describe('the executable', { timeout: 60_000 }, () => {
  it('is found by the environment variable and on PATH', { skip: notOnWindows }, async () => {
    const path = standInExecutable();
    for (const env of [{ ACTOREMBED_EXECUTABLE: path }, { ACTOREMBED_EXECUTABLE: undefined, PATH: `${dirname(path)}:${process.env['PATH']}` }]) {
      const service = new ActorEmbedService({ port: 0, env });
      await service.startSidecar();
      await service.stopSidecar();
    }
  });

  it('gets the port, the model and the pid of its parent', async () => {
    const service = create({}, { model: 'some/model' });
    const line = logged(service, 'flags');
    await service.startSidecar();
    assert.equal(await line, `flags --port 0 --model some/model --exit-with-parent --parent-pid ${process.pid}`);
    assert.equal((await service.getStatus()).model, 'some/model');
  });
});

describe('a stranger', { timeout: 60_000 }, () => {
  it('on the port is named and not adopted, however healthy it looks', async () => {
    const stranger = await ScriptedServer.start(json(200, { status: 'ok', model: 'm', dim: 3, device: 'cpu', model_id: 'a/m' }));
    open.push(stranger);
    const service = create({}, { port: stranger.port });
    const error = await failure(service.startSidecar());
    assert.equal(error.code, 'PORT_IN_USE');
    assert.match(error.message, /another program/);
    assert.deepEqual([(await service.getStatus()).state, (await service.getStatus()).url], ['failed', null]);
  });

  it('that speaks no HTTP is PORT_IN_USE as well', async () => {
    const listener = createServer((socket) => { socket.on('error', () => {}); socket.end('220 mail\r\n'); }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    open.push({ close: () => listener.close() });
    assert.equal((await failure(create({}, { port: (listener.address() as AddressInfo).port }).startSidecar())).code, 'PORT_IN_USE');
  });

  it('that answers where our server says it listens is not adopted', async () => {
    const stranger = await ScriptedServer.start(json(200, { status: 'ok', model_id: 'a/m', dim: 3 }));
    open.push(stranger);
    const error = await failure(create({ readyUrl: `http://127.0.0.1:${stranger.port}` }).startSidecar());
    assert.equal(error.code, 'PORT_IN_USE');
  });

  it('of our own kind, but of another process, is not adopted', async () => {
    const other = create();
    await other.startSidecar();
    const { url, pid } = await other.getStatus();
    const error = await failure(create({ readyUrl: url! }).startSidecar());
    assert.equal(error.code, 'PORT_IN_USE');
    assert.match(error.message, new RegExp(`pid ${pid}`));
  });

  it('is not what a server without our header is, if it names its process', async () => {
    const service = create({ serverHeader: 'something in between' });
    await service.startSidecar();
    assert.equal((await service.getStatus()).version, '1.0.0');
  });

  it('that took the port during the restart ends the restarts', async () => {
    const { service, clock } = createTimed({}, { port: await freePort() });
    await service.startSidecar();
    const { port } = await service.getStatus();
    await crash(service);
    const stranger = createServer((socket) => { socket.on('error', () => {}); socket.end('HTTP/1.1 200 OK\r\n\r\n'); }).listen(port!, '127.0.0.1');
    await once(stranger, 'listening');
    open.push({ close: () => stranger.close() });
    const failed = new Promise<void>((resolve) => service.on('state', (state) => { if (state === 'failed') resolve(); }));
    clock.advance(2000);
    await failed;
    assert.match((await service.getStatus()).lastError ?? '', /another program/);
  });
});

describe('readiness without a ready line', { timeout: 60_000 }, () => {
  it('is found by asking the fixed port', async () => {
    const service = create({ ready: 'health' }, { port: await freePort() });
    await service.startSidecar();
    assert.deepEqual([(await service.getStatus()).state, (await service.getStatus()).dim], ['ready', 3]);
  });

  for (const [what, scenario] of [['another process', { infoPid: 1 }], ['a server that is still loading', { unhealthy: true }]] as const)
    it(`is not taken from ${what}`, async () => {
      const { service, clock } = createTimed({ ready: 'health', ...scenario }, { port: await freePort(), startTimeout: 1000 });
      const starting = failure(service.startSidecar());
      await logged(service, 'listening');
      for (let asked = 0; asked < 4; asked++) {
        await clock.scheduled(250);
        assert.equal((await service.getStatus()).state, 'starting');
        clock.advance(250);
      }
      assert.match((await starting).message, /not ready within 1000 ms/);
    });
});

describe('stopping', { skip: notOnWindows, timeout: 60_000 }, () => {
  it('lets the server finish what it is working on', async () => {
    const service = create();
    await service.startSidecar();
    const client = service.createClient();
    const holding = logged(service, 'holding');
    const pending = client.embed('hold on');
    await holding;
    await service.stopSidecar();
    assert.deepEqual(await pending, vectorOf('hold on'));
    assert.equal((await service.getStatus()).lastExit?.code, 0);
    client.dispose();
  });

  it('kills a server that does not obey within 10000 ms', async () => {
    const { service, clock } = createTimed({ ignoresTerm: true });
    await service.startSidecar();
    const draining = logged(service, 'draining');
    const stopped = service.stopSidecar();
    await draining;
    clock.advance(9999);
    assert.equal((await service.getStatus()).state, 'stopping');
    clock.advance(1);
    await stopped;
    assert.equal((await service.getStatus()).lastExit?.signal, 'SIGKILL');
    assert.deepEqual(clock.delays, []);
  });
});

describe('the client of a service', { timeout: 60_000 }, () => {
  it('says NETWORK_ERROR at once where no server will come, before a start and after a stop', async () => {
    // Nobody moves this clock: a second try, which waits for it, would never come.
    const { service } = createTimed();
    const client = service.createClient();
    const before = await failure(client.embed('a'));
    await service.startSidecar();
    await client.embed('a');
    await service.stopSidecar();
    const after = await failure(client.embed('a'));

    for (const error of [before, after])
      assert.deepEqual([error.code, error.attempts, error.message], ['NETWORK_ERROR', 1, 'The service is stopped: start it first.']);
    assert.equal(await client.checkHealth(), false);
  });

  it('waits for a start, at most its timeout', async () => {
    const { service, clock } = createTimed({ ready: 'never' });
    const starting = failure(service.startSidecar());
    await logged(service, 'listening');
    const client = service.createClient({ timeout: 500 });
    const pending = failure(client.embed('a'));
    await clock.scheduled(500);
    clock.advance(500);
    assert.equal((await pending).code, 'TIMEOUT');
    await service.stopSidecar();
    await starting;
  });

  it('waits for a start that still waits for the end of the server before', { skip: notOnWindows }, async () => {
    const { service, clock } = createTimed({ ignoresTerm: true });
    const client = service.createClient({ retryAttempts: 0 });
    for (const again of [() => service.restartSidecar(), () => { void service.stopSidecar(); return service.startSidecar(); }]) {
      await service.startSidecar();
      const draining = logged(service, 'draining');
      const started = again();
      await draining;
      const pending = client.embed('a');
      assert.equal((await service.getStatus()).state, 'stopping');
      clock.advance(10_000);
      await started;
      assert.deepEqual(await pending, vectorOf('a'));
    }
    client.dispose();
  });

  it('learns at once of a start that fails or is stopped', async () => {
    const failing = create({ exitCode: 1 });
    const starting = failure(failing.startSidecar());
    assert.equal((await failure(failing.createClient({ retryAttempts: 0 }).embed('a'))).code, 'NETWORK_ERROR');
    assert.equal((await starting).code, 'START_FAILED');

    const stopped = create({ ready: 'never' });
    const ended = failure(stopped.startSidecar());
    const pending = failure(stopped.createClient({ retryAttempts: 0 }).embed('a'));
    await stopped.stopSidecar();
    assert.equal((await pending).code, 'NETWORK_ERROR');
    assert.equal((await ended).code, 'STOPPED');
  });

  it('can be aborted while it waits', async () => {
    const service = create({ ready: 'never' });
    const starting = failure(service.startSidecar());
    const controller = new AbortController();
    const pending = failure(service.createClient().embed('a', true, { signal: controller.signal }));
    controller.abort();
    assert.equal((await pending).code, 'ABORTED');
    await service.stopSidecar();
    await starting;
  });
});

describe('options of the service', { timeout: 60_000 }, () => {
  for (const config of [{ port: -1 }, { port: 65_536 }, { startTimeout: 0 }, { stopTimeout: -1 }, { restartDelay: Number.NaN }, { model: 5 as unknown as string },
    { model: '' }, { threads: 0 }, { precision: 'int4' as 'int8' }, { device: 'gpu' as 'cuda' }, { revision: 1 as unknown as string }])
    it(`rejects ${JSON.stringify(config)}, by name`, () => {
      assert.throws(() => new ActorEmbedService(config), { code: 'INVALID_ARGUMENT', message: new RegExp(Object.keys(config)[0]!) });
    });

  it('warns once that pythonPath and scriptPath mean nothing', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => { warnings.push(warning); };
    process.on('warning', onWarning);
    for (let services = 0; services < 2; services++) new ActorEmbedService({ pythonPath: 'python3', scriptPath: './embed_server.py' });
    // Warnings are emitted on the next tick, which is over when an immediate runs.
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    assert.deepEqual(warnings.map((warning) => warning.name), ['ActorEmbedWarning']);
  });
});
