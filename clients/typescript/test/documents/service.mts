import { ActorEmbedService } from '@actorembed/client';

// #region shown
const service = new ActorEmbedService({
  model: 'sentence-transformers/paraphrase-multilingual-mpnet-base-v2',   // vectors of two models cannot be compared: name one
  port: 0,                                                                // 0: a free port
});
service.on('progress', ({ model, fraction }) => console.log(`${model}: ${Math.round(fraction * 100)} %`));   // the first time
await service.startSidecar();                            // resolves when the server can embed
console.log((await service.getStatus()).url);            // http://127.0.0.1:PORT
const client = service.createClient();                   // follows the service across restarts
const vectors = await client.embedBatch(['text1', 'text2']);   // number[][]
await service.stopSidecar();                             // resolves when the process is gone
// #endregion
