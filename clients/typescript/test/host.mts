/** A host application that starts a server, says where it is, and ends in the way it is told. */
import { ActorEmbedService } from '@actorembed/client';
import type { ActorEmbedServiceConfig } from '@actorembed/client';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

async function startServer(config: ActorEmbedServiceConfig): Promise<unknown> {
  const service = new ActorEmbedService(config);
  await service.startSidecar();
  return service.getStatus();
}

if (!isMainThread) {
  parentPort?.postMessage(await startServer(workerData as ActorEmbedServiceConfig));
} else {
  const config = JSON.parse(process.argv[2]!) as ActorEmbedServiceConfig;
  let worker: Worker | undefined;
  if (process.argv[3] === 'worker') {
    worker = new Worker(fileURLToPath(import.meta.url), { workerData: config });
    worker.once('message', (status) => process.send?.(status));
  } else {
    process.send?.(await startServer(config));
  }
  process.on('message', (order) => {
    if (order === 'exit') process.exit(0);
    if (order === 'throw') throw new Error('as told');
    if (order === 'terminate worker') void worker?.terminate();
  });
}
