import { Connections } from './connections.mjs';

const textsOfEach = 64;
const requestSize = 32;

/** Vectors of the texts that servers are compared on: of each corpus, as many. */
export async function sampleVectors(url, corpora) {
  const connections = new Connections(url);
  const vectors = [];
  for (const { texts } of Object.values(corpora))
    for (let first = 0; first < textsOfEach; first += requestSize)
      vectors.push(...await connections.vectors(texts.slice(first, first + requestSize)));
  connections.close();
  return vectors;
}

/**
 * The least and the median cosine of the same text's vectors. Of each set the mean is taken off first: vectors of one
 * model share a direction that would make any two look alike.
 */
export function centredCosine(vectors, reference) {
  if (vectors.length !== reference.length || vectors.some((vector, i) => vector.length !== reference[i].length))
    return { least: Number.NaN, median: Number.NaN };
  const [a, b] = [centre(vectors), centre(reference)];
  const cosines = a.map((vector, i) => cosine(vector, b[i])).sort((x, y) => x - y);
  return { least: cosines[0], median: cosines[cosines.length >> 1] };
}

function centre(vectors) {
  const mean = vectors[0].map((_, i) => vectors.reduce((total, vector) => total + vector[i], 0) / vectors.length);
  return vectors.map((vector) => vector.map((value, i) => value - mean[i]));
}

function cosine(a, b) {
  let [dot, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    left += a[i] * a[i];
    right += b[i] * b[i];
  }
  return dot / Math.sqrt(left * right);
}
