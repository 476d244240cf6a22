import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { OperationCase } from './check-operation.js';
import { floats } from './test-inputs.js';

export type Padding = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];
export interface Convolution {
  readonly x: Tensor4D;
  readonly filter: Tensor4D;
  readonly stride: number | [number, number];
  readonly padding: Padding;
}

const GEOMETRIES: readonly (readonly [
  string,
  readonly number[],
  readonly number[],
  number | [number, number],
  Padding,
])[] = [
  ['3×3 same', [2, 4, 5, 2], [3, 3], 1, 'same'],
  ['3×3 valid', [2, 4, 5, 2], [3, 3], 1, 'valid'],
  ['1×1', [2, 3, 3, 3], [1, 1], 1, 'same'],
  ['1×1 stride 2', [1, 4, 5, 2], [1, 1], 2, 'same'],
  ['even kernel, same', [1, 4, 4, 2], [2, 2], 1, 'same'],
  ['4×2 kernel, same', [1, 5, 4, 1], [4, 2], 1, 'same'],
  ['stride 2 same, odd size', [1, 5, 7, 2], [3, 3], 2, 'same'],
  ['stride 2 same, even size', [1, 6, 4, 2], [3, 3], 2, 'same'],
  ['stride 2 valid, last rows unseen', [1, 6, 6, 1], [3, 3], 2, 'valid'],
  ['strides that differ', [1, 5, 6, 1], [3, 2], [1, 2], 'valid'],
  ['padding as a number', [1, 4, 4, 1], [3, 3], 1, 1],
  [
    'padding as pairs',
    [1, 4, 4, 1],
    [3, 3],
    1,
    [
      [0, 0],
      [2, 0],
      [0, 1],
      [0, 0],
    ],
  ],
  ['one pixel, large kernel', [1, 1, 1, 2], [3, 3], 1, 'same'],
  ['one column', [1, 5, 1, 2], [3, 1], 1, 'same'],
];

/** What every convolution is tried on, with few and with many filters. */
export const convolutionCases = (
  convolve: (call: Convolution) => Tensor,
  outputCounts: readonly number[],
): OperationCase[] =>
  GEOMETRIES.flatMap(([name, image, kernel, stride, padding]) =>
    outputCounts.map((outputs) => ({
      name: `${name}, ${outputs} filters`,
      inputs: { x: floats(image), filter: floats([...kernel, image[3]!, outputs], 3) },
      fn: ({ x, filter }: Record<string, Tensor>) =>
        convolve({ x: x as Tensor4D, filter: filter as Tensor4D, stride, padding }),
    })),
  );
