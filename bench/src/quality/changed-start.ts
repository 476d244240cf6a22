import type { Random } from '@probity/core/numerics/random';

/**
 * Every weight but 0 moved to the next float32, up or down as a coin falls: a start that no rounding could tell from the
 * given one. What trains from both, by the same program, comes out as far apart as rounding alone can drive a training.
 */
export function changedInLastBit(weights: Float32Array, random: Random): Float32Array {
  const changed = Float32Array.from(weights);
  const bits = new Int32Array(changed.buffer); // neighbours of a float are neighbours as whole numbers
  for (let i = 0; i < bits.length; i++) if (changed[i] !== 0) bits[i]! += random.next() < 0.5 ? 1 : -1;
  return changed;
}
