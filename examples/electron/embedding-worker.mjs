// Runs in a worker thread, so that neither waiting for the server nor unpacking vectors ever holds up the windows.
// It owns the server process: the server ends with this thread, and this thread with the application.
import { ActorEmbedService } from '@actorembed/client';
import { parentPort, workerData } from 'node:worker_threads';

// Port 0: two applications, or two copies of one, never fight for a port.
const service = new ActorEmbedService({ port: 0, ...workerData });
const client = service.createClient();

service.on('state', (state) => parentPort.postMessage({ event: 'state', state }));
service.on('progress', (progress) => parentPort.postMessage({ event: 'progress', progress }));
service.startSidecar().catch(({ reason, message }) => parentPort.postMessage({ event: 'failed', reason, message }));

const operations = {
  embed: async ({ texts }) => client.embedBatchFloat32(texts),
  status: async () => service.getStatus(),
  async stop() {
    client.dispose();
    await service.stopSidecar();
  },
};

parentPort.on('message', async ({ id, operation, ...request }) => {
  try {
    parentPort.postMessage({ id, result: await operations[operation](request) });
  } catch (error) {
    // An Error loses its own fields on the way to another thread.
    parentPort.postMessage({ id, error: { code: error.code, message: error.message } });
  }
  if (operation === 'stop') parentPort.close();
});
