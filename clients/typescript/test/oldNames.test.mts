/** Who comes from the Python sidecar has stored vectors of its model, and must not get another's without noticing. */
import { PythonSidecarClient, PythonSidecarService } from '@actorembed/client';
import type { ActorEmbedClientConfig, ActorEmbedServiceConfig } from '@actorembed/client';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { failure } from './internals.mjs';
import { ScriptedServer, embed, json } from './scriptedServer.mjs';
import type { Behaviour } from './scriptedServer.mjs';
import { logged, open } from './services.mjs';
import { standIn } from './standInScenario.mjs';

const production = 'sentence-transformers/paraphrase-multilingual-mpnet-base-v2';

describe('PythonSidecarService', { timeout: 60_000 }, () => {
  for (const [what, config, expected] of [
    ['the old model where none is named', {}, `--model ${production}`],
    ['the model of the options', { model: 'a/b' }, '--model a/b'],
    ['the model of its arguments', { args: [...standIn().args!, '--model=c/d'] }, '--model=c/d'],
    ['the model of the environment', { env: { ACTOREMBED_MODEL: 'e/f' } }, '--port 0 --exit-with-parent'],
  ] as [string, ActorEmbedServiceConfig, string][])
    it(`runs ${what}`, async () => {
      const service = new PythonSidecarService(standIn({}, config));
      open.push({ close: () => service.stopSidecar() });
      const flags = logged(service, 'flags');
      await service.startSidecar();
      const line = await flags;
      assert.ok(line.includes(expected), line);
      assert.equal(line.split('--model').length <= 2, true, line);
    });

  it('downloads it at the first start as long as that takes, and tells how far it is', async () => {
    const says = [0, 0.5, 1].map((fraction) => ({ event: 'progress', model: production, stage: 'downloading', bytes: fraction * 1e9, size: 1e9, fraction }));
    const service = new PythonSidecarService(standIn({ says }));
    open.push({ close: () => service.stopSidecar() });
    const fractions: number[] = [];
    service.on('progress', ({ fraction }) => fractions.push(fraction));
    await service.startSidecar();
    assert.deepEqual(fractions, [0, 0.5, 1]);
    assert.equal((await service.getStatus()).model, production);
  });
});

describe('PythonSidecarClient', { timeout: 60_000 }, () => {
  async function client(model: string, config: ActorEmbedClientConfig = {}): Promise<{ client: PythonSidecarClient; server: ScriptedServer }> {
    const byPath: Behaviour = (request, response) => request.path === '/info'
      ? json(200, { model_id: model, dim: 3, device: 'cpu', version: '1.0.0' })(request, response)
      : embed(request, response);
    const server = await ScriptedServer.start(byPath);
    open.push(server);
    const one = new PythonSidecarClient({ port: server.port, ...config });
    open.push({ close: () => one.dispose() });
    return { client: one, server };
  }

  const asked = (server: ScriptedServer): number => server.requests.filter((request) => request.path === '/info').length;

  it('warns once of another model than the old sidecar ran, and works', async () => {
    const { client: one, server } = await client('actorembed-starter-multilingual-256');
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => { warnings.push(warning); };
    process.on('warning', onWarning);
    const warned = once(process, 'warning');
    assert.equal((await one.embedBatch(['a'])).length, 1);
    await warned;
    await one.embedBatch(['b']);
    await one.embedBatchFloat32(['c']);
    process.off('warning', onWarning);
    assert.deepEqual(warnings.map((warning) => (warning as NodeJS.ErrnoException).code), ['ACTOREMBED_OTHER_MODEL']);
    assert.match(warnings[0]!.message, /runs actorembed-starter-multilingual-256 \(3 dimensions\), not sentence-transformers\/paraphrase-multilingual-mpnet-base-v2/);
    assert.equal(asked(server), 1);
  });

  it('says nothing of the old model, under either of its names', async () => {
    for (const name of [production, 'paraphrase-multilingual-mpnet-base-v2']) {
      const { client: one, server } = await client(name);
      process.once('warning', assert.fail);
      await one.embedBatch(['a']);
      await server.received(2);
      await one.getInfo();
      process.off('warning', assert.fail);
      assert.equal(asked(server), 2);
    }
  });

  it('insists on a model that is named, before anything is sent', async () => {
    const { client: one, server } = await client('a/other', { model: 'a/mine' });
    const error = await failure(one.embedBatch(['a']));
    assert.equal(error.code, 'WRONG_MODEL');
    assert.match(error.message, /runs a\/other \(3 dimensions\), but a\/mine is expected/);
    assert.equal(server.requests.some((request) => request.path === '/embed'), false);
    const { client: two, server: right } = await client('a/mine', { model: 'mine' });
    await two.embedBatch(['a']);
    await two.embed('b');
    assert.equal(asked(right), 1);
  });
});
