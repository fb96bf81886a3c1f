import { InferenceClient } from '@huggingface/inference';

const url = process.argv[2];
const embed = new InferenceClient(undefined, { endpointUrl: `${url}/embed` });
const bare = new InferenceClient(undefined, { endpointUrl: url });
const similarity = new InferenceClient(undefined, { endpointUrl: `${url}/similarity` });

console.log(JSON.stringify({
  list: await embed.featureExtraction({ inputs: ['text1', 'text2'] }),
  single: await bare.featureExtraction({ inputs: 'text1' }),
  similarity: await similarity.sentenceSimilarity({
    inputs: { source_sentence: 'text1', sentences: ['text1', 'text2'] },
  }),
}));
