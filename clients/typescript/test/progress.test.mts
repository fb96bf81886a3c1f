/** What a server says of itself on standard output before it is ready, and what the service makes of it. */
import type { ActorEmbedProgress } from '@actorembed/client';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { failure } from './internals.mjs';
import { create, createTimed, freePort, logged } from './services.mjs';

const half = { event: 'progress', model: 'a/b', stage: 'downloading', file: 'model.safetensors', bytes: 500, size: 1000, fraction: 0.5 };

describe('progress', { timeout: 60_000 }, () => {
  it('is told by an event and by the status, until the server is ready', async () => {
    const service = create({ says: [half] });
    const progress = once(service, 'progress') as Promise<[ActorEmbedProgress]>;
    const told = progress.then(async ([value]) => [value, (await service.getStatus()).progress]);
    await service.startSidecar();
    const { event: _, ...values } = half;
    const expected = { ...values, note: null };
    assert.deepEqual(await told, [expected, expected]);
    assert.equal((await service.getStatus()).progress, null);
  });

  it('puts the end of the wait off: silence counts, and not how long it takes', async () => {
    const port = await freePort();
    const { service, clock } = createTimed({ ready: 'never', unhealthy: true }, { port, startTimeout: 1000 });
    const starting = failure(service.startSidecar());
    await logged(service, 'listening');
    for (let signs = 0; signs < 3; signs++) {
      clock.advance(999);
      const told = once(service, 'progress');
      await fetch(`http://127.0.0.1:${port}/say`, { method: 'POST', body: JSON.stringify(half) });
      await told;
    }
    assert.equal((await service.getStatus()).state, 'starting');
    clock.advance(1000);
    assert.equal((await starting).reason, 'timeout');
  });

  it('is not what an unknown event is', async () => {
    const service = create({ says: [{ event: 'of a later version' }, 'text', null] });
    service.on('progress', () => assert.fail('nothing was pulled'));
    await service.startSidecar();
  });
});

describe('a server that says why it gives up', { timeout: 60_000 }, () => {
  for (const [reason, exitCode, code] of [
    ['network', 8, 'START_FAILED'], ['diskFull', 8, 'START_FAILED'], ['unauthorized', 3, 'START_FAILED'], ['missingRuntime', 9, 'START_FAILED'],
    ['device', 3, 'START_FAILED'],
    ['portReserved', 4, 'CANNOT_LISTEN'], ['portInUse', 4, 'PORT_IN_USE'],
  ] as const)
    it(`gives the error the reason ${reason} and its words`, async () => {
      const service = create({ says: [{ event: 'failed', reason, message: 'The cable is out.' }], exitCode });
      const error = await failure(service.startSidecar());
      assert.deepEqual([error.code, error.reason, error.exitCode], [code, reason, exitCode]);
      assert.match(error.message, /The cable is out\./);
      const status = await service.getStatus();
      assert.deepEqual([status.state, status.lastErrorReason], ['failed', reason]);
    });

  it('gives one line that helps where the network is missing', async () => {
    const service = create({ says: [{ event: 'failed', reason: 'network', message: 'Cannot reach the hub.' }], exitCode: 8 });
    const { message } = await failure(service.startSidecar());
    assert.match(message, /\nCannot reach the hub\.\nThe model is downloaded once: connect this machine to the network/);
  });

  it('without a line of its own is known by its exit code', async () => {
    assert.equal((await failure(create({ exitCode: 2 }).startSidecar())).reason, 'options');
    assert.equal((await failure(create({ exitCode: 1 }).startSidecar())).reason, 'crashed');
  });
});

describe('pullModel', { timeout: 60_000 }, () => {
  it('gives the folder, tells how far it is, and asks for the model that is named', async () => {
    const service = create({ says: [half, { event: 'pulled', model: 'a/b', directory: '/models/ä b' }], exitCode: 0 }, { model: 'a/b', revision: 'v1' });
    const flags = logged(service, 'flags');
    const seen: number[] = [];
    assert.equal(await service.pullModel({ onProgress: ({ fraction }) => seen.push(fraction) }), '/models/ä b');
    assert.deepEqual(seen, [0.5]);
    assert.equal(await flags, 'flags pull a/b --revision v1 --json --exit-with-parent');
    assert.equal((await service.getStatus()).state, 'stopped');
  });

  it('does not take the revision of one model for another', async () => {
    const service = create({ says: [{ event: 'pulled', model: 'c/d', directory: '/d' }], exitCode: 0 }, { model: 'a/b', revision: 'v1' });
    const flags = logged(service, 'flags');
    await service.pullModel({ model: 'c/d' });
    assert.equal(await flags, 'flags pull c/d --json --exit-with-parent');
  });

  it('fails with the reason of the server', async () => {
    const service = create({ says: [{ event: 'failed', reason: 'notFound', message: 'There is no model a/b.' }], exitCode: 3 }, { model: 'a/b' });
    const error = await failure(service.pullModel());
    assert.deepEqual([error.code, error.reason, error.exitCode], ['PULL_FAILED', 'notFound', 3]);
    assert.match(error.message, /There is no model a\/b\./);
  });

  it('ends with the signal, and so does its process', async () => {
    const service = create({ hangs: true }, { model: 'a/b' });
    const controller = new AbortController();
    const pulling = failure(service.pullModel({ signal: controller.signal }));
    await logged(service, 'flags');
    controller.abort();
    assert.equal((await pulling).code, 'ABORTED');
    assert.equal((await failure(service.pullModel({ signal: controller.signal }))).code, 'ABORTED');
  });

  it('wants a model', async () => {
    assert.equal((await failure(create().pullModel())).code, 'INVALID_ARGUMENT');
  });
});

describe('startSidecar with a signal', { timeout: 60_000 }, () => {
  it('is ended by it, with the process', async () => {
    const service = create({ ready: 'never' });
    const controller = new AbortController();
    const starting = failure(service.startSidecar({ signal: controller.signal }));
    await logged(service, 'listening');
    const { pid } = await service.getStatus();
    controller.abort();
    assert.equal((await starting).code, 'ABORTED');
    assert.throws(() => process.kill(pid!, 0), { code: 'ESRCH' });
    assert.equal((await service.getStatus()).state, 'stopped');
    assert.equal((await failure(service.startSidecar({ signal: controller.signal }))).code, 'ABORTED');
  });

  it('that fires when the server is ready changes nothing', async () => {
    const service = create();
    const controller = new AbortController();
    await service.startSidecar({ signal: controller.signal });
    controller.abort();
    assert.equal((await service.getStatus()).state, 'ready');
  });
});

describe('a port that cannot be had', { timeout: 60_000 }, () => {
  for (const reason of ['portInUse', 'portReserved'] as const)
    it(`is replaced by a free one where that is allowed (${reason})`, async () => {
      const port = await freePort();
      const service = create({ says: [{ event: 'failed', reason, message: 'no' }], exitsUnless: '0' }, { port, fallbackToFreePort: true });
      await service.startSidecar();
      const status = await service.getStatus();
      assert.equal(status.state, 'ready');
      assert.notEqual(status.port, port);
    });

  it('is not the reason to try again for what else fails', async () => {
    const service = create({ exitCode: 3 }, { port: await freePort(), fallbackToFreePort: true });
    let starts = 0;
    service.on('log', (line) => { if (line.startsWith('flags')) starts++; });
    assert.equal((await failure(service.startSidecar())).reason, 'model');
    assert.equal(starts, 1);
  });
});

describe('options of the model', { timeout: 60_000 }, () => {
  it('reach the server', async () => {
    const service = create({}, { model: 'a/b', revision: 'v1', threads: 2, device: 'cpu', precision: 'int8', modelsFolder: '/models/here' });
    const lines = Promise.all([logged(service, 'flags'), logged(service, 'HF_HUB_CACHE')]);
    await service.startSidecar();
    assert.deepEqual(await lines, [
      `flags --port 0 --model a/b --revision v1 --threads 2 --device cpu --precision int8 --exit-with-parent --parent-pid ${process.pid}`,
      'HF_HUB_CACHE /models/here',
    ]);
  });

  it('have names for the levels of the log', async () => {
    const service = create({ exitCode: 3, lastWords: '2026-01-01T00:00:00.000Z warn: Some.Category[0] a pull is slow' });
    const levels: [string, string][] = [];
    service.on('log', (line, level) => levels.push([line.slice(0, 5), level]));
    await failure(service.startSidecar());
    assert.deepEqual(levels, [['flags', 'info'], ['HF_HU', 'info'], ['2026-', 'warn']]);
  });
});

describe('disposal', { timeout: 60_000 }, () => {
  it('stops the service', { skip: Symbol.asyncDispose === undefined ? 'this Node has no Symbol.asyncDispose' : false }, async () => {
    const service = create();
    await service.startSidecar();
    await service[Symbol.asyncDispose]();
    assert.equal((await service.getStatus()).state, 'stopped');
  });
});
