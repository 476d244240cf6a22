import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { OperationCase } from './check-operation.js';
import { floats } from './test-inputs.js';

export interface Pooling {
  readonly x: Tensor4D;
  readonly size: [number, number];
  readonly stride: number;
  readonly padding: 'same' | 'valid' | number;
}

const GEOMETRIES: readonly (readonly [
  string,
  readonly number[],
  [number, number],
  number,
  'same' | 'valid' | number,
])[] = [
  ['2×2 tiles, two images', [2, 4, 6, 2], [2, 2], 2, 'valid'],
  ['2×2 over an odd size', [1, 5, 5, 2], [2, 2], 2, 'valid'],
  ['2×2 same over an odd size', [1, 5, 3, 1], [2, 2], 2, 'same'],
  ['3×3 overlapping, same', [2, 4, 3, 2], [3, 3], 1, 'same'],
  ['3×3 stride 2 same', [1, 6, 6, 2], [3, 3], 2, 'same'],
  ['rows only', [1, 4, 2, 2], [2, 1], 2, 'valid'],
  ['borders in pixels', [1, 4, 5, 2], [3, 3], 2, 1],
];

/** What every pooling is tried on. */
export const poolingCases = (pool: (call: Pooling) => Tensor): OperationCase[] =>
  GEOMETRIES.map(([name, shape, size, stride, padding]) => ({
    name,
    inputs: { x: floats(shape) },
    fn: ({ x }) => pool({ x: x as Tensor4D, size, stride, padding }),
  }));
