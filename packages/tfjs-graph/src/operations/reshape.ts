import { numbersOf } from '../attributes.js';
import { sizeOf, type Attributes, type Value } from '../graph.js';
import type { Operation } from '../operation.js';
import { typed } from './families/typed.js';

function targetShape(input: Value, attributes: Attributes): number[] {
  const wanted = [...numbersOf(attributes, 'shape')];
  const open = wanted.indexOf(-1);
  if (open >= 0)
    wanted[open] = sizeOf(input.shape) / wanted.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return wanted;
}

/** The same elements in another shape. */
export const reshape: Operation = {
  kernel: 'Reshape',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => [{ shape: targetShape(x!, attributes), dtype: x!.dtype }],
  toOnnx: (node, onnx) => {
    const output = node.outputs[0]!;
    onnx.write(output, onnx.reshape(onnx.read(node.inputs[0]!), output.shape));
  },
  toTensorFlow: ({ outputs: [output] }, tensorFlow, [x]) =>
    tensorFlow.emit('Reshape', [x!, tensorFlow.integers(output!.shape)], typed(output!)),
};
