import { readBackwards } from '../operations/families/backwards.js';
import type { OnnxBuilder } from '../operation.js';

export interface FilterOrder {
  readonly onnx: OnnxBuilder;
  readonly block: number;
  /** True for the gradient with respect to the image: taps turned about, inputs and outputs changed over. */
  readonly isTurned: boolean;
}

const roundUp = (count: number, block: number): number => Math.ceil(count / block) * block;

/**
 * A filter (height, width, inputs, outputs) in the order in which blocked convolutions read it: blocks of outputs, blocks
 * of inputs, taps, inputs of a block, outputs of a block. Missing outputs of the last block are zeros; of inputs fewer
 * than a block each is a block of its own.
 */
export function orderFilter(name: string, shape: readonly number[], { onnx, block, isTurned }: FilterOrder): string {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const taps = height * width;
  const turned = isTurned && taps > 1 ? readBackwards(onnx.reshape(name, [taps, inputs, outputs]), [0], onnx) : name;
  const [from, to] = isTurned ? [outputs, inputs] : [inputs, outputs];
  const paddedTo = roundUp(to, block);
  const flat = onnx.reshape(turned, [taps, inputs, outputs]);
  const padding = isTurned ? [0, 0, 0, 0, paddedTo - to, 0] : [0, 0, 0, 0, 0, paddedTo - to];
  const padded = paddedTo === to ? flat : onnx.emit('Pad', [flat, onnx.integers(padding)]);
  const cut = (count: number) => (count < block ? [count, 1] : [count / block, block]);
  const [ofFrom, ofTo] = [cut(from), cut(paddedTo)];
  const split = onnx.reshape(padded, isTurned ? [taps, ...ofTo, ...ofFrom] : [taps, ...ofFrom, ...ofTo]);
  const ordered = onnx.emit('Transpose', [split], { perm: isTurned ? [1, 3, 0, 4, 2] : [3, 1, 0, 2, 4] });
  return onnx.reshape(ordered, [paddedTo, from, height, width]);
}
