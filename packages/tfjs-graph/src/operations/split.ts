import { numberOf, numbersOf } from '../attributes.js';
import type { Attributes, Value } from '../graph.js';
import type { Operation } from '../operation.js';

function parts(input: Value, attributes: Attributes): { axis: number; sizes: number[] } {
  const given = numberOf(attributes, 'axis', 0);
  const axis = given < 0 ? given + input.shape.length : given;
  const total = input.shape[axis]!;
  const wanted = attributes['numOrSizeSplits'];
  if (typeof wanted === 'number') return { axis, sizes: Array.from({ length: wanted }, () => total / wanted) };
  const sizes = [...numbersOf(attributes, 'numOrSizeSplits')];
  const open = sizes.indexOf(-1);
  if (open >= 0) sizes[open] = total - sizes.reduce((sum, size) => (size < 0 ? sum : sum + size), 0);
  return { axis, sizes };
}

/** One tensor cut along one axis into several. */
export const split: Operation = {
  kernel: 'SplitV',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => {
    const { axis, sizes } = parts(x!, attributes);
    return sizes.map((size) => ({ shape: x!.shape.map((length, i) => (i === axis ? size : length)), dtype: x!.dtype }));
  },
  toOnnx: (node, onnx) => {
    const input = node.inputs[0]!;
    const { axis, sizes } = parts(input, node.attributes);
    const names = onnx.emitMany('Split', [onnx.read(input), onnx.integers(sizes)], { attributes: { axis }, outputCount: sizes.length });
    node.outputs.forEach((output, i) => onnx.write(output, names[i]!));
  },
};
