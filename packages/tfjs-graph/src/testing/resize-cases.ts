import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { OperationCase } from './check-operation.js';
import { floats } from './test-inputs.js';

export interface Resize {
  readonly x: Tensor4D;
  readonly size: [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

const SIZES: readonly (readonly [string, readonly number[], [number, number]])[] = [
  ['grown by two, two images', [2, 2, 3, 2], [4, 6]],
  ['grown by different factors', [1, 2, 2, 1], [6, 4]],
  ['grown by no whole factor', [2, 3, 2, 2], [5, 3]],
  ['shrunk', [1, 5, 4, 1], [3, 2]],
  ['from one pixel', [1, 1, 1, 2], [3, 2]],
];

const CONVENTIONS: readonly (readonly [string, boolean, boolean])[] = [
  ['', false, false],
  [', corners aligned', true, false],
  [', half-pixel centres', false, true],
];

/** What every resize is tried on. */
export const resizeCases = (resize: (call: Resize) => Tensor): OperationCase[] =>
  SIZES.flatMap(([name, shape, size]) =>
    CONVENTIONS.map(([convention, alignCorners, halfPixelCenters]): OperationCase => ({
      name: `${name}${convention}`,
      inputs: { x: floats(shape) },
      fn: ({ x }) => resize({ x: x as Tensor4D, size, alignCorners, halfPixelCenters }),
    })),
  );
