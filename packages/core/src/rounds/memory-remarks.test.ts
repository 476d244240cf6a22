import { expect, it } from 'vitest';
import { memoryRemarks } from './memory-remarks.js';

it('says nothing where every batch was whole', () => {
  expect(memoryRemarks([])).toEqual([]);
  expect(memoryRemarks([{ round: 0, batchParts: [1, 1, 1] }])).toEqual([]);
});

it('names the folds of each round whose batches were cut, and into how many parts', () => {
  expect(
    memoryRemarks([
      { round: 0, batchParts: [1, 2, 1] },
      { round: 1, batchParts: [4, 2, 4] },
    ]),
  ).toEqual([
    expect.stringMatching(/^fold 1 of round 0 trained with batches cut into 2 parts, .* to rounding/),
    expect.stringMatching(/^fold 1 of round 1 trained with batches cut into 2 parts/),
    expect.stringMatching(/^folds 0, 2 of round 1 trained with batches cut into 4 parts/),
  ]);
});
