import { ActorEmbedService } from '@actorembed/client';

// #region shown
const service = new ActorEmbedService({ model: 'sentence-transformers/paraphrase-multilingual-mpnet-base-v2', port: 0 });
await service.startSidecar();   // npm has brought the server; resolves when it can embed
const vectors = await service.createClient().embedBatch(['text1', 'text2']);
await service.stopSidecar();
// #endregion
