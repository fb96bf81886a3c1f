import assert from 'node:assert/strict';
import { it } from 'node:test';
import { retryAfter } from '../dist/retry.js';

const noon = Date.parse('2030-01-01T12:00:00Z');

for (const [header, expected] of [
  [undefined, undefined], ['3', 3000], [' 0 ', 0], ['1.5', 1500], ['-1', undefined], ['soon', undefined], ['', undefined],
  ['Tue, 01 Jan 2030 12:00:09 GMT', 9000], ['Tue, 01 Jan 2030 11:00:00 GMT', 0],
] as const)
  it(`reads Retry-After: ${header} as ${expected} ms`, () => assert.equal(retryAfter(header, () => noon), expected));
