import { numbersOf } from '../attributes.js';
import { sizeOf, type Attributes, type Value } from '../graph.js';
import type { Operation } from '../operation.js';

function targetShape(input: Value, attributes: Attributes): number[] {
  const wanted = [...numbersOf(attributes, 'shape')];
  const open = wanted.indexOf(-1);
  if (open >= 0) wanted[open] = sizeOf(input.shape) / wanted.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return wanted;
}

/** The same elements in another shape. */
export const reshape: Operation = {
  kernel: 'Reshape',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => [{ shape: targetShape(x!, attributes), dtype: x!.dtype }],
  toOnnx: (node, onnx) => {
    const output = node.outputs[0]!;
    onnx.write(output, onnx.emit('Reshape', [onnx.read(node.inputs[0]!), onnx.integers(output.shape)]));
  },
};

export const expandDims: Operation = {
  kernel: 'ExpandDims',
  inputs: ['input'],
  infer: ({ inputs: [input], attributes }) => {
    const [dim = 0] = numbersOf(attributes, 'dim');
    const shape = [...input!.shape];
    shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
    return [{ shape, dtype: input!.dtype }];
  },
  toOnnx: reshape.toOnnx,
};
