/** What any server must go through: the stand-in always, the real executable where ACTOREMBED_EXECUTABLE names it. */
import { ActorEmbedService } from '@actorembed/client';
import type { ActorEmbedServiceConfig } from '@actorembed/client';
import assert from 'node:assert/strict';
import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { after, afterEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { failure } from './internals.mjs';
import { standIn } from './standInScenario.mjs';

const realExecutable = process.env['ACTOREMBED_EXECUTABLE'];
const realModel = process.env['ACTOREMBED_TEST_MODEL'];

/** A real server takes a second to start: a run of all tests may want fewer. */
const crashes = Number(process.env['ACTOREMBED_TEST_CRASHES'] ?? 100);
const isLinux = process.platform === 'linux';

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));
const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));
after(() => {
  assert.deepEqual(rejections, []);
  assert.deepEqual(warnings.filter((warning) => warning.name === 'MaxListenersExceededWarning'), []);
});

lifecycle('the stand-in', standIn(), false);
lifecycle('the real executable', {
  port: 0, ...(realExecutable === undefined ? {} : { executablePath: realExecutable }), ...(realModel === undefined ? {} : { model: realModel }),
}, realExecutable === undefined ? 'ACTOREMBED_EXECUTABLE is not set' : false);

function lifecycle(name: string, config: ActorEmbedServiceConfig, skip: string | false): void {
  // A hang must end CI with a name; the whole suite takes 15 s with the stand-in, a loading model a hundred times longer.
  describe(`lifecycle of ${name}`, { skip, timeout: 1_200_000 }, () => {
    const services: ActorEmbedService[] = [];
    const hosts: ChildProcess[] = [];
    const create = (more: ActorEmbedServiceConfig = {}): ActorEmbedService => {
      const service = new ActorEmbedService({ ...config, restartDelay: 1, maxRestartDelay: 1, ...more });
      services.push(service);
      return service;
    };
    afterEach(async () => {
      for (const host of hosts.splice(0)) host.kill('SIGKILL');
      for (const service of services.splice(0)) await service.stopSidecar();
    });

    it('starts, embeds and stops', async () => {
      const service = create();
      const states: string[] = [];
      service.on('state', (state) => states.push(state));
      await service.startSidecar();
      const running = await service.getStatus();
      assert.equal(running.state, 'ready');
      assert.ok(running.pid !== null && running.pid > 0);
      assert.match(running.url ?? '', new RegExp(`^http://127\\.0\\.0\\.1:${running.port}$`));
      assert.ok(running.uptime >= 0);
      assert.equal(typeof running.model, 'string');
      assert.equal(typeof running.version, 'string');
      assert.equal(running.device, 'cpu');

      const client = service.createClient();
      const vectors = await client.embedBatch(['one', 'two']);
      assert.deepEqual(vectors.map((vector) => vector.length), [running.dim, running.dim]);
      assert.equal(await client.checkHealth(), true);
      client.dispose();

      await service.stopSidecar();
      assert.throws(() => process.kill(running.pid!, 0), { code: 'ESRCH' });
      const stopped = await service.getStatus();
      assert.deepEqual([stopped.state, stopped.pid, stopped.url, stopped.uptime, stopped.model], ['stopped', null, null, 0, null]);
      assert.deepEqual([stopped.lastExit?.code, stopped.lastExit?.expected], [0, true]);
      assert.deepEqual(states, ['starting', 'ready', 'stopping', 'stopped']);
    });

    it('starts one process, however often it is asked', async () => {
      const service = create();
      const [first, second] = [service.startSidecar(), service.startSidecar()];
      assert.equal(first, second);
      await Promise.all([first, second]);
      const { pid } = await service.getStatus();
      await service.startSidecar();
      assert.equal((await service.getStatus()).pid, pid);
    });

    it('stops twice, and before it was started', async () => {
      const service = create();
      await service.stopSidecar();
      await service.startSidecar();
      await Promise.all([service.stopSidecar(), service.stopSidecar()]);
      await service.stopSidecar();
      assert.equal((await service.getStatus()).state, 'stopped');
    });

    it('obeys the last of many calls', async () => {
      const service = create();
      const first = failure(service.startSidecar());
      const stopped = service.stopSidecar();
      const second = failure(service.startSidecar());
      const restarted = failure(service.restartSidecar());
      await service.stopSidecar();
      await stopped;
      assert.deepEqual((await Promise.all([first, second, restarted])).map((error) => error.code), ['STOPPED', 'STOPPED', 'STOPPED']);
      assert.equal((await service.getStatus()).state, 'stopped');
      const again = [service.startSidecar(), service.stopSidecar(), service.startSidecar()];
      await Promise.allSettled(again);
      assert.equal((await service.getStatus()).state, 'ready');
      const [ended, , last] = [failure(service.restartSidecar()), service.stopSidecar(), service.restartSidecar()];
      assert.equal((await ended).code, 'STOPPED');
      await last;
      assert.equal((await service.getStatus()).state, 'ready');
    });

    it('crashes no application that does not wait for a start which is stopped', async () => {
      const service = create();
      void service.startSidecar();
      void service.restartSidecar();
      await service.stopSidecar();
      assert.equal((await service.getStatus()).state, 'stopped');
    });

    it('restarts on request with a new process', async () => {
      const service = create();
      await service.startSidecar();
      const { pid } = await service.getStatus();
      await Promise.all([service.restartSidecar(), service.restartSidecar()]);
      const status = await service.getStatus();
      assert.notEqual(status.pid, pid);
      assert.deepEqual([status.state, status.restarts], ['ready', 0]);
    });

    it('comes back after SIGKILL, and the requests in flight are answered', async () => {
      const service = create();
      await service.startSidecar();
      // With the default retryDelay: a large process closes its sockets well before the system reports its end.
      const client = service.createClient();
      await client.embed('warm');
      const before = await service.getStatus();
      const pending = Array.from({ length: 20 }, (_, index) => client.embedBatch(Array.from({ length: 200 }, (_, text) => `text ${index} ${text}`)));
      process.kill(before.pid!, 'SIGKILL');
      const answers = await Promise.all(pending);
      assert.ok(answers.every((vectors) => vectors.length === 200 && vectors.every((vector) => vector.length === before.dim)));
      const status = await service.getStatus();
      assert.notEqual(status.pid, before.pid);
      assert.deepEqual([status.state, status.restarts, status.lastExit?.signal, status.lastExit?.expected], ['ready', 1, 'SIGKILL', false]);
      client.dispose();
    });

    it('stops under load without leaving a request open', async () => {
      const service = create();
      await service.startSidecar();
      const client = service.createClient({ retryAttempts: 0 });
      const texts = Array.from({ length: 500 }, (_, index) => `text ${index}`);
      const pending = Promise.allSettled(Array.from({ length: 20 }, () => client.embedBatch(texts)));
      await client.embed('one');
      await service.stopSidecar();
      for (const result of await pending)
        assert.ok(result.status === 'fulfilled' || ['NETWORK_ERROR', 'HTTP_ERROR'].includes((result.reason as { code: string }).code), JSON.stringify(result));
      assert.deepEqual([(await service.getStatus()).state, (await service.getStatus()).lastExit?.expected], ['stopped', true]);
      client.dispose();
    });

    it('takes the fixed port it is given, and never the server of another', async () => {
      const holder = create();
      await holder.startSidecar();
      const { port, pid } = await holder.getStatus();
      const second = create({ port: port! });
      const error = await failure(second.startSidecar());
      assert.equal(error.code, 'PORT_IN_USE');
      assert.equal(error.exitCode, 4);
      assert.match(error.message, new RegExp(`another ActorEmbed \\(pid ${pid}`));
      assert.deepEqual([(await second.getStatus()).state, (await second.getStatus()).pid], ['failed', null]);
      await holder.stopSidecar();
      await second.startSidecar();
      assert.equal((await second.getStatus()).port, port);
    });

    it('works in a worker thread', async () => {
      const worker = new Worker(new URL('./workerHost.mjs', import.meta.url), { workerData: config });
      const [status, vectors] = await once(worker, 'message').then(([message]) => message as [{ state: string; dim: number }, number[][]]);
      assert.equal(status.state, 'ready');
      assert.equal(vectors[0]!.length, status.dim);
      const [code] = await once(worker, 'exit') as [number];
      assert.equal(code, 0);
    });

    for (const [what, end] of [
      ['is killed with SIGKILL', (host: ChildProcess) => host.kill('SIGKILL')],
      ['exits without stopping it', (host: ChildProcess) => host.send('exit')],
      ['dies of an uncaught exception', (host: ChildProcess) => host.send('throw')],
      ['terminates the worker thread that started it', (host: ChildProcess) => host.send('terminate worker')],
    ] as const)
      it(`does not outlive a parent that ${what}`, { timeout: 120_000 }, async () => {
        const inWorker = what.includes('worker');
        const host = fork(fileURLToPath(new URL('./host.mjs', import.meta.url)), [JSON.stringify(config), inWorker ? 'worker' : 'main'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
        hosts.push(host);
        const [server] = await once(host, 'message') as [{ port: number; pid: number }];
        const gone = portCloses(server.port);
        end(host);
        await gone;
      });

    it(`survives ${crashes} crashes and leaks nothing`, async () => {
      const service = create();
      await service.startSidecar();
      const client = service.createClient({ retryDelay: 1 });
      await client.embed('warm');
      const descriptors = openDescriptors();
      const pids = new Set<number>();
      for (let cycle = 1; cycle <= crashes; cycle++) {
        const { pid } = await service.getStatus();
        pids.add(pid!);
        const back = once(service, 'ready');
        process.kill(pid!, 'SIGKILL');
        await back;
        assert.equal((await service.getStatus()).restarts, cycle);
      }
      assert.equal(pids.size, crashes);
      assert.equal((await client.embed('still there')).length, (await service.getStatus()).dim);
      assert.deepEqual(zombies(), []);
      // One connection more or less may be open at the moment of counting.
      assert.ok(openDescriptors() <= descriptors + 2, `${descriptors} -> ${openDescriptors()} descriptors`);
      assert.deepEqual(service.eventNames(), []);
      client.dispose();
    });
  });
}

/** Resolves when nobody listens any more. Waits on connections, which the system closes when the listener's process dies. */
async function portCloses(port: number): Promise<void> {
  for (;;) {
    const code = await new Promise<string | undefined>((resolve) => {
      let reason: string | undefined;
      const probe = connect(port, '127.0.0.1');
      probe.on('error', (error: NodeJS.ErrnoException) => { reason = error.code; });
      probe.on('close', () => resolve(reason));
      probe.resume();
    });
    if (code === 'ECONNREFUSED') return;
  }
}

function openDescriptors(): number {
  return isLinux ? readdirSync('/proc/self/fd').length : 0;
}

/** Children of this process that have ended and were not waited for. */
function zombies(): string[] {
  if (!isLinux) return [];
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).filter((pid) => {
    try {
      const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
      return state === 'Z' && Number(parent) === process.pid;
    } catch {
      return false;
    }
  });
}
