import { ActorEmbedService } from '@actorembed/client';
import type { ActorEmbedServiceConfig } from '@actorembed/client';
import { parentPort, workerData } from 'node:worker_threads';

const service = new ActorEmbedService(workerData as ActorEmbedServiceConfig);
await service.startSidecar();
const client = service.createClient();
const vectors = await client.embedBatch(['from a worker']);
parentPort?.postMessage([await service.getStatus(), vectors]);
client.dispose();
await service.stopSidecar();
