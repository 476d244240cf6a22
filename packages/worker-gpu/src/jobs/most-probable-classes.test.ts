import { describe, expect, it } from 'vitest';
import { mostProbableClasses } from './most-probable-classes.js';

describe('mostProbableClasses()', () => {
  it.each([
    ['the remainder', [100, 50], 0],
    ['the first class', [150, 100], 1],
    ['the second class', [60, 120], 2],
    ['the lower class on a tie', [85, 85], 0],
    ['the lower of two foreground classes on a tie', [120, 120], 1],
  ])('chooses %s', (_, levels, expected) => {
    expect([...mostProbableClasses(levels.map((level) => Uint8Array.of(level)))]).toEqual([expected]);
  });
});
