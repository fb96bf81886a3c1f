/** The published types, in the ways in which projects look them up. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

const source = `
import { ActorEmbedClient, ActorEmbedError, ActorEmbedService, PythonSidecarClient, PythonSidecarService } from '@actorembed/client';
import type { ActorEmbedDevice, ActorEmbedFailureReason, ActorEmbedProgress, ActorEmbedServiceConfig, PythonSidecarClientConfig } from '@actorembed/client';

const config: ActorEmbedServiceConfig = { model: 'owner/name', revision: 'v1', threads: 2, device: 'auto', precision: 'int8', port: 0, fallbackToFreePort: true };
export async function use(signal: AbortSignal): Promise<number[][]> {
  await using service = new ActorEmbedService(config);
  service.on('progress', (progress: ActorEmbedProgress) => { const fraction: number = progress.fraction; void fraction; });
  service.on('log', (line, level) => { const both: [string, 'debug' | 'info' | 'warn' | 'error'] = [line, level]; void both; });
  const folder: string = await service.pullModel({ signal, onProgress: ({ note }) => void note?.length });
  await service.startSidecar({ signal }).catch((error: unknown) => {
    const reason: ActorEmbedFailureReason | undefined = error instanceof ActorEmbedError ? error.reason : undefined;
    void reason;
  });
  const { url } = await service.getStatus();
  using client: ActorEmbedClient = service.createClient({ model: 'owner/name' });
  void folder; void url; void service.status.progress?.bytes;
  // @ts-expect-error a precision that there is not
  new ActorEmbedService({ precision: 'int4' });
  const device: ActorEmbedDevice = 'cuda';
  new ActorEmbedService({ device });
  // @ts-expect-error a device that there is not
  new ActorEmbedService({ device: 'gpu' });
  return client.embedBatch(['text'], true, { signal });
}
const old: PythonSidecarClientConfig = { port: 8421 };
export const both: [ActorEmbedClient, ActorEmbedService] = [new PythonSidecarClient(old), new PythonSidecarService()];
`;

describe('the types hold', { timeout: 120_000 }, () => {
  for (const [module, moduleResolution, type] of [
    ['NodeNext', 'NodeNext', 'module'], ['NodeNext', 'NodeNext', 'commonjs'], ['ESNext', 'Bundler', 'module'], ['CommonJS', 'Node10', 'commonjs'],
  ] as const)
    it(`with ${moduleResolution} in a project of type ${type}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'types-'));
      mkdirSync(join(folder, 'node_modules/@actorembed'), { recursive: true });
      symlinkSync(packageFolder, join(folder, 'node_modules/@actorembed/client'), 'junction');
      symlinkSync(join(packageFolder, 'node_modules/@types'), join(folder, 'node_modules/@types'), 'junction');
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
      writeFileSync(join(folder, 'use.ts'), source);
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
        compilerOptions: {
          module, moduleResolution, target: 'ES2022', lib: ['ES2022', 'ESNext.Disposable'], types: ['node'], strict: true, noEmit: true,
          skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true,
        },
      }));
      const run = spawnSync(process.execPath, [join(packageFolder, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
      assert.equal(run.stdout, '');
      assert.equal(run.status, 0);
    });

  it('where the project knows nothing of disposal', () => {
    const folder = mkdtempSync(join(tmpdir(), 'types-'));
    mkdirSync(join(folder, 'node_modules/@actorembed'), { recursive: true });
    symlinkSync(packageFolder, join(folder, 'node_modules/@actorembed/client'), 'junction');
    symlinkSync(join(packageFolder, 'node_modules/@types'), join(folder, 'node_modules/@types'), 'junction');
    writeFileSync(join(folder, 'use.ts'), `import { PythonSidecarService } from '@actorembed/client';\nvoid new PythonSidecarService({ port: 8421 }).startSidecar();\n`);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { module: 'CommonJS', moduleResolution: 'Node10', target: 'ES2020', lib: ['ES2020'], types: ['node'], strict: true, noEmit: true, skipLibCheck: false },
    }));
    const run = spawnSync(process.execPath, [join(packageFolder, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
    assert.equal(run.stdout, '');
  });
});
