import { VoyageAIClient, VoyageAIError } from 'voyageai';

// Two servers: one with an embedder, one with a reranker.
const [embedder, reranker] = process.argv.slice(2);
const clientOf = (url) => new VoyageAIClient({ apiKey: 'unused', environment: `${url}/v1`, maxRetries: 0 });
const [vectors, ranks] = [clientOf(embedder), clientOf(reranker)];
const documents = ['a boat', 'a red car', 'red'];
const request = { model: 'rerank-2.5', query: 'red car', documents };

const refusal = async (call) => {
  try {
    await call;
    return null;
  } catch (error) {
    return { isVoyage: error instanceof VoyageAIError, status: error.statusCode, detail: error.body?.detail };
  }
};

const all = await ranks.rerank(request);
const best = await ranks.rerank({ ...request, topK: 2, returnDocuments: true, truncation: true });
const embedded = await vectors.embed({ input: ['text1', 'text2'], model: 'voyage-3.5', inputType: 'document', outputDimension: 2, truncation: true });

console.log(JSON.stringify({
  all: all.data.map(({ index, relevanceScore }) => [index, relevanceScore]),
  object: all.object,
  best: best.data.map(({ index, document }) => [index, document]),
  totalTokens: best.usage.totalTokens,
  embedded: embedded.data.map(({ embedding }) => embedding),
  tooLong: await refusal(ranks.rerank({ model: 'm', query: 'q', documents: ['x'.repeat(200)], truncation: false })),
  textTooLong: await refusal(vectors.embed({ input: ['x'.repeat(200)], model: 'm', truncation: false })),
}));
