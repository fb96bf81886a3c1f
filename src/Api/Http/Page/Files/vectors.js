/** Arithmetic on vectors of length 1 (or 0), which lie one after the other in one array. */

/** Directions are found to this precision; finer would not be seen. */
const PRECISION = 1e-7;
const MAX_STEPS = 300;

/** Components that are compared before looking whether two vectors can still be near. */
const STRIDE = 16;

/** @typedef {{ values: Float32Array, dimensions: number, count: number }} Vectors */

/**
 * The cosine of two of them.
 * @param {Vectors} vectors
 * @param {number} a
 * @param {number} b
 */
export function similarity({ values, dimensions }, a, b) {
  let sum = 0;
  for (let i = a * dimensions, j = b * dimensions, end = i + dimensions; i < end; i++, j++)
    sum += values[i] * values[j];
  return sum;
}

/**
 * All pairs of a row of them.
 * @param {Vectors} vectors
 * @param {number} from
 * @param {number} count
 * @returns {Float32Array} row by row
 */
export function similarities(vectors, from, count) {
  const block = new Float32Array(count * count);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++)
      block[row * count + column] = block[column * count + row] = similarity(vectors, from + row, from + column);
  }
  return block;
}

/**
 * The nearest to one of them, the nearest first.
 * @param {Vectors} vectors
 * @param {number} line
 * @param {number} most
 * @returns {{ line: number, value: number }[]}
 */
export function nearest(vectors, line, most) {
  const all = [];
  for (let other = 0; other < vectors.count; other++) {
    if (other !== line)
      all.push({ line: other, value: similarity(vectors, line, other) });
  }
  return all.sort((a, b) => b.value - a.value || a.line - b.line).slice(0, most);
}

/**
 * Finds the lines before one that are at least so similar to it. Most pairs are seen to be further apart after a few components.
 * @param {Vectors} vectors
 * @param {number} line
 * @param {number} threshold
 * @param {(other: number, value: number) => void} onFound
 */
export function similarBefore(vectors, line, threshold, onFound) {
  const { values, dimensions } = vectors;
  // |a - b|² = 2 - 2 cos for vectors of length 1; a little more for what 32 bits round away.
  const farthest = 2 - 2 * threshold + 1e-5;
  for (let other = 0; other < line; other++) {
    let distance = 0;
    const a = line * dimensions;
    const b = other * dimensions;
    for (let i = 0; i < dimensions && distance <= farthest;) {
      for (const end = Math.min(i + STRIDE, dimensions); i < end; i++)
        distance += (values[a + i] - values[b + i]) ** 2;
    }
    if (distance > farthest)
      continue;
    const value = similarity(vectors, line, other);
    if (value >= threshold - 1e-6)
      onFound(other, value);
  }
}

/**
 * The two directions in which they differ most (principal components), and where each lies on them.
 * @param {Vectors} vectors
 * @returns {{ points: Float32Array, shares: [number, number] }} x and y of each; the part of the variance that each direction shows
 */
export function principalMap(vectors) {
  const { dimensions, count } = vectors;
  const centred = centre(vectors);
  let total = 0;
  for (const value of centred)
    total += value * value;
  const points = new Float32Array(count * 2);
  /** @type {[number, number]} */
  const shares = [0, 0];
  const first = direction(centred, dimensions, count, null);
  const directions = [first, direction(centred, dimensions, count, first)];
  directions.forEach((axis, k) => {
    let shown = 0;
    for (let line = 0; line < count; line++) {
      const place = dot(centred, line * dimensions, axis);
      points[line * 2 + k] = place;
      shown += place * place;
    }
    // Where all vectors are equal there is no variance to show.
    shares[k] = total > PRECISION ? shown / total : 0;
  });
  return { points, shares };
}

/** @param {Vectors} vectors */
function centre({ values, dimensions, count }) {
  const mean = new Float64Array(dimensions);
  for (let i = 0; i < count * dimensions; i++)
    mean[i % dimensions] += values[i] / count;
  return values.map((value, i) => value - mean[i % dimensions]);
}

/**
 * By power iteration, at right angles to another direction.
 * @param {Float32Array} centred
 * @param {number} dimensions
 * @param {number} count
 * @param {Float64Array | null} other
 */
function direction(centred, dimensions, count, other) {
  // The same map each time: no chance in where it starts.
  let axis = unit(Float64Array.from({ length: dimensions }, (_, i) => Math.sin(i * 12.9898 + 1)), other);
  for (let step = 0; step < MAX_STEPS; step++) {
    const next = new Float64Array(dimensions);
    for (let line = 0; line < count; line++) {
      const weight = dot(centred, line * dimensions, axis);
      for (let i = 0, j = line * dimensions; i < dimensions; i++, j++)
        next[i] += weight * centred[j];
    }
    const turned = unit(next, other);
    const change = 1 - Math.abs(dot(turned, 0, axis));
    axis = turned;
    if (change < PRECISION)
      break;
  }
  const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? axis.map(value => -value) : axis;
}

/**
 * @param {Float64Array} vector
 * @param {Float64Array | null} other
 */
function unit(vector, other) {
  const along = other ? dot(vector, 0, other) : 0;
  const rest = other ? vector.map((value, i) => value - along * other[i]) : vector;
  const length = Math.hypot(...rest);
  return length > Number.EPSILON ? rest.map(value => value / length) : rest.fill(0);
}

/**
 * @param {Float32Array | Float64Array} values
 * @param {number} from
 * @param {Float64Array} axis
 */
function dot(values, from, axis) {
  let sum = 0;
  for (let i = 0; i < axis.length; i++)
    sum += values[from + i] * axis[i];
  return sum;
}
