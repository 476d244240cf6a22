import { sizeOf } from '../graph.js';
import type { TestInput } from './run-graph.js';

/** Below this many numbers they fill [-1, 1]; more reach further out, so that neighbours stay apart. */
const SPACING_MIN = 0.02;

/**
 * Reproducible numbers around 0 in mixed order, no two closer than the spacing and none closer to 0 than half of it: a
 * finite difference never steps over a kink.
 */
export function testNumbers(count: number, seed = 1): Float32Array {
  const spacing = Math.max(2 / count, SPACING_MIN);
  const ladder = Float32Array.from({ length: count }, (_, i) => (i + 0.5 - count / 2 + (count % 2) * 0.25) * spacing);
  let state = seed * 2_654_435_761;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = state % (i + 1);
    [ladder[i], ladder[j]] = [ladder[j]!, ladder[i]!];
  }
  return ladder;
}

export const floats = (shape: readonly number[], seed = 1): TestInput => ({
  shape,
  dtype: 'float32',
  data: testNumbers(sizeOf(shape), seed),
});

/** The same, larger than zero. */
export const positives = (shape: readonly number[], seed = 1): TestInput => ({
  ...floats(shape, seed),
  data: testNumbers(sizeOf(shape), seed).map((value) => Math.abs(value) + 0.2),
});

export const integers = (shape: readonly number[], values: readonly number[]): TestInput => ({
  shape,
  dtype: 'int32',
  data: Int32Array.from(values),
});

export const booleans = (shape: readonly number[], values: readonly number[]): TestInput => ({
  shape,
  dtype: 'bool',
  data: Uint8Array.from(values),
});

export const exactly = (shape: readonly number[], values: readonly number[]): TestInput => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from(values),
});
