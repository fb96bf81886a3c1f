import { CohereClient, CohereClientV2, CohereError } from 'cohere-ai';

// Two servers: one with an embedder, one with a reranker.
const [embedder, reranker] = process.argv.slice(2);
const options = (environment) => ({ token: 'unused', environment, maxRetries: 0 });
const [v1, v2] = [new CohereClient(options(reranker)), new CohereClientV2(options(reranker))];
const vectors = { v1: new CohereClient(options(embedder)), v2: new CohereClientV2(options(embedder)) };
const texts = ['text1', 'text2'];
const documents = ['a boat', 'a red car', 'red'];

const refusal = async (call) => {
  try {
    await call;
    return null;
  } catch (error) {
    return { isCohere: error instanceof CohereError, status: error.statusCode, message: error.body?.message };
  }
};

const ranked = await v2.rerank({ model: 'rerank-v3.5', query: 'red car', documents, topN: 2 });
const byType = await vectors.v2.embed({ model: 'embed-v4.0', texts, inputType: 'classification', embeddingTypes: ['float', 'int8'] });

console.log(JSON.stringify({
  v2: ranked.results.map(({ index, relevanceScore }) => [index, relevanceScore]),
  version: ranked.meta.apiVersion.version,
  v1: (await v1.rerank({ query: 'red car', documents: documents.map((text) => ({ text })), returnDocuments: true })).results
    .map(({ index, document }) => [index, document.text]),
  float: byType.embeddings.float,
  int8: byType.embeddings.int8.map((vector) => vector.length),
  bare: (await vectors.v1.embed({ texts, inputType: 'clustering' })).embeddings,
  embedderRanks: await refusal(vectors.v2.rerank({ model: 'm', query: 'q', documents })),
}));
