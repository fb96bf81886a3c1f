import { ActorEmbedClient } from '@actorembed/client';

// #region shown
const client = new ActorEmbedClient({ port: 8421, model: 'paraphrase-multilingual-mpnet-base-v2', inputType: 'document' });
const documents = await client.embedBatch(['text1', 'text2']);
const query = await client.embed('a question', true, { inputType: 'query', dimensions: 256, truncate: false });
// #endregion
