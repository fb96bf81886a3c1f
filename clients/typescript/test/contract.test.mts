/** The snippets of the contract, as they are, under the old names: only the import path has changed. */
import { PythonSidecarClient, PythonSidecarService } from '@actorembed/client';
import type { PythonSidecarClientConfig as PublishedConfig } from '@actorembed/client';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { standInExecutable } from './standInScenario.mjs';

interface PythonSidecarClientConfig {
  baseUrl?: string;       // default http://127.0.0.1:8421
  port?: number;          // default 8421
  timeout?: number;       // default 30000 (ms)
  retryAttempts?: number; // default 2
  retryDelay?: number;    // default 1000 (ms)
}

const oldConfig: PythonSidecarClientConfig = { port: 8421, timeout: 30_000, retryAttempts: 2, retryDelay: 1000 };
const published: PublishedConfig = oldConfig;

async function whyNot(): Promise<string | false> {
  if (process.platform === 'win32') return 'the stand-in is a shell script';
  const probe = createServer().listen(8421, '127.0.0.1');
  try {
    await once(probe, 'listening');
    return false;
  } catch {
    return 'port 8421, which the snippets name, is taken on this machine';
  } finally {
    probe.close();
  }
}

describe('the contract', async () => {
  it('has its snippets run as they stand', { skip: await whyNot() }, async () => {
    process.env['ACTOREMBED_EXECUTABLE'] = standInExecutable();

    const service = new PythonSidecarService({
      pythonPath: 'python3', scriptPath: './embedding_sidecar/embed_server.py',   // accepted and ignored, with one warning
      port: 8421, autoRestart: true
    });
    await service.startSidecar();    // resolves when the server is ready, not when it is spawned

    const client = new PythonSidecarClient({ port: 8421 });
    const healthy = await client.checkHealth();
    const vectors = await client.embedBatch(['text1', 'text2'], true);

    assert.equal(healthy, true);
    assert.equal(vectors.length, 2);
    assert.equal(await new PythonSidecarClient().checkHealth(), true);
    assert.equal(await new PythonSidecarClient(published).checkHealth(), true);

    await service.restartSidecar();
    const status = await service.getStatus();
    assert.equal(status.port, 8421);
    assert.equal(status.model, 'sentence-transformers/paraphrase-multilingual-mpnet-base-v2');

    await service.stopSidecar();     // resolves when the process is gone
    assert.equal(await client.checkHealth(), false);
    client.dispose();
  });

  for (const [categories, expected] of [
    [undefined, ''],
    ['SOMETHING-ELSE', ''],
    ['SIDECAR-CLIENT,SIDECAR-SERVICE', /\[SIDECAR-CLIENT\][^]*\[SIDECAR-SERVICE\]/],
    ['SIDECAR-SERVICE', /^(?![^]*SIDECAR-CLIENT)[^]*\[SIDECAR-SERVICE\]/],
  ] as const)
    it(`writes the debug log that LOG_CATEGORIES=${categories} asks for`, () => {
      const script = `
        const { PythonSidecarClient, PythonSidecarService } = require('@actorembed/client');
        new PythonSidecarClient({ baseUrl: 'http://no-such-host.invalid' }).checkHealth()
          .then(() => new PythonSidecarService({ executablePath: '/no/such/file' }).startSidecar())
          .catch(() => {});`;
      const env: NodeJS.ProcessEnv = { ...process.env, LOG_CATEGORIES: categories };
      if (categories === undefined) delete env.LOG_CATEGORIES;
      const run = spawnSync(process.execPath, ['-e', script], {
        cwd: fileURLToPath(new URL('..', import.meta.url)), env, encoding: 'utf8',
      });
      assert.equal(run.status, 0);
      assert.equal(run.stdout, '');
      if (typeof expected === 'string') assert.equal(run.stderr, expected);
      else assert.match(run.stderr, expected);
    });
});
