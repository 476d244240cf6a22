import type { Tensor } from '@tensorflow/tfjs';
import type { OperationCase } from './check-operation.js';
import { floats, integers } from './test-inputs.js';

const AXES: readonly (readonly [string, number | number[] | undefined, boolean])[] = [
  ['everything', undefined, false],
  ['height and width, kept', [1, 2], true],
  ['height and width', [1, 2], false],
  ['channels', -1, false],
  ['channels, kept', 3, true],
  ['batch, height and width', [0, 1, 2], false],
];

/** What every reduction is tried on. */
export function reductionCases(fn: (x: Tensor, axis?: number | number[], keep?: boolean) => Tensor): OperationCase[] {
  return [
    ...AXES.map(([name, axis, keep]): OperationCase => ({
      name,
      inputs: { x: floats([2, 2, 3, 2]) },
      fn: ({ x }) => fn(x!, axis, keep),
    })),
    { name: 'integers', inputs: { x: integers([2, 2], [4, -2, 3, 9]) }, fn: ({ x }) => fn(x!, 1), gradient: 'none' },
  ];
}
