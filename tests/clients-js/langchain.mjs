import { OllamaEmbeddings } from '@langchain/ollama';
import { OpenAIEmbeddings } from '@langchain/openai';

const url = process.argv[2];
const openai = new OpenAIEmbeddings({ apiKey: 'unused', configuration: { baseURL: `${url}/v1` } });
const ollama = new OllamaEmbeddings({ model: 'nomic-embed-text', baseUrl: url });

console.log(JSON.stringify({
  openai: await openai.embedDocuments(['text1', 'text2']),
  openaiQuery: await openai.embedQuery('text1'),
  ollama: await ollama.embedDocuments(['text1', 'text2']),
  ollamaQuery: await ollama.embedQuery('text1'),
}));
