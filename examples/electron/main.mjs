// Stands in for Electron's main process where Electron cannot run: same worker thread, same calls, no window.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Embeddings } from './embeddings.mjs';

/** In this repository the server may have been built but not installed; an application ships it and needs none of this. */
function builtServer() {
  const name = process.platform === 'win32' ? 'actorembed.exe' : 'actorembed';
  return ['Release', 'Debug']
    .map((configuration) => fileURLToPath(new URL(`../../src/Api/bin/${configuration}/net10.0/${name}`, import.meta.url)))
    .find(existsSync);
}

const executablePath = process.env.ACTOREMBED_EXECUTABLE ?? builtServer();
const embeddings = new Embeddings({
  // Small, and comes with the server: the example needs no download. An application names the model that it wants for good.
  model: 'actorembed-starter-multilingual-256',
  ...(executablePath === undefined ? {} : { executablePath }),
});
embeddings.on('state', ({ state }) => console.log(`server: ${state}`));
embeddings.on('progress', ({ progress }) => console.log(`${progress.model}: ${Math.round(progress.fraction * 100)} %`));
embeddings.on('failed', ({ message }) => {
  console.error(message);
  if (executablePath === undefined) console.error('To build it here: dotnet build -c Release ../../src/Api');
  process.exit(1);
});

const texts = ['The cat sits on the mat.', 'Die Katze sitzt auf der Matte.', 'Interest rates rose again.'];
// Not waited for: a call during the start is answered once the server is ready.
const [english, german, other] = await embeddings.embed(texts);
const { model, dim, pid } = await embeddings.status();
console.log(`model ${model}, ${dim} dimensions, process ${pid}`);
console.log(`"${texts[0]}" / "${texts[1]}": ${cosine(english, german).toFixed(3)}`);
console.log(`"${texts[0]}" / "${texts[2]}": ${cosine(english, other).toFixed(3)}`);

console.log('killing the server; the next call waits for its successor');
const crashed = once(embeddings, 'state');
process.kill(pid, 'SIGKILL');
await crashed;
const [again] = await embeddings.embed(texts.slice(0, 1));
const successor = await embeddings.status();
console.log(`process ${successor.pid} answers, restarts: ${successor.restarts}, same vector: ${cosine(english, again) > 0.9999}`);

await embeddings.stop();

function cosine(a, b) {
  let dot = 0;
  let squaredA = 0;
  let squaredB = 0;
  for (let index = 0; index < a.length; index++) {
    dot += a[index] * b[index];
    squaredA += a[index] ** 2;
    squaredB += b[index] ** 2;
  }
  return dot / Math.sqrt(squaredA * squaredB);
}
