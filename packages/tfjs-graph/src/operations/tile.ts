import { numbersOf } from '../attributes.js';
import type { Operation } from '../operation.js';
import { typed } from './families/typed.js';

/** Copies side by side; broadcasting's own form in TensorFlow.js. */
export const tile: Operation = {
  kernel: 'Tile',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => {
    const times = numbersOf(attributes, 'reps');
    return [{ shape: x!.shape.map((size, axis) => size * times[axis]!), dtype: x!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const name = onnx.emit('Tile', [onnx.read(node.inputs[0]!), onnx.integers(numbersOf(node.attributes, 'reps'))]);
    onnx.write(node.outputs[0]!, name);
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [input]) =>
    tensorFlow.emit('Tile', [input!, tensorFlow.integers(numbersOf(attributes, 'reps'))], typed(x!)),
};
