import { createRandom } from '@probity/core/numerics/random';
import { describe, expect, it } from 'vitest';
import { changedInLastBit } from './changed-start.js';

describe('changedInLastBit()', () => {
  it('moves each weight by one unit in the last place, up or down, and leaves zeros alone', () => {
    const weights = Float32Array.of(1, -1, 1.5, -0.1, 0, 3e-8, 2);
    const before = Float32Array.from(weights);
    const seen = new Map<number, Set<number>>();
    for (let draw = 0; draw < 20; draw++)
      changedInLastBit(weights, createRandom('coin', draw)).forEach((value, i) =>
        seen.set(i, (seen.get(i) ?? new Set()).add(value)),
      );
    expect(weights).toEqual(before);
    expect([...seen.get(4)!]).toEqual([0]);
    expect(seen.get(0)).toEqual(new Set([1 + 2 ** -23, 1 - 2 ** -24])); // floats lie closer together below a power of two
    expect(seen.get(1)).toEqual(new Set([-1 - 2 ** -23, -1 + 2 ** -24]));
    expect(seen.get(2)).toEqual(new Set([1.5 + 2 ** -23, 1.5 - 2 ** -23]));
    expect(seen.get(6)).toEqual(new Set([2 + 2 ** -22, 2 - 2 ** -23]));
  });
});
