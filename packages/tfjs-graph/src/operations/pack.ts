import type { Operation } from '../operation.js';
import { axisOf } from './families/layout.js';
import { typed } from './families/typed.js';

/** Tensors of one shape stacked along a new axis. */
export const pack: Operation = {
  kernel: 'Pack',
  inputs: 'list',
  infer: ({ inputs, attributes }) => {
    const shape = [...inputs[0]!.shape];
    shape.splice(axisOf(attributes, shape.length + 1), 0, inputs.length);
    return [{ shape, dtype: inputs[0]!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const axis = axisOf(node.attributes, node.outputs[0]!.shape.length);
    const names = node.inputs.map((value) => onnx.emit('Unsqueeze', [onnx.read(value), onnx.integers([axis])]));
    onnx.write(node.outputs[0]!, onnx.emit('Concat', names, { axis }));
  },
  toTensorFlow: ({ inputs: [first], outputs: [output], attributes }, tensorFlow, inputs) =>
    tensorFlow.emit('Pack', inputs, {
      N: inputs.length,
      ...typed(first!),
      axis: axisOf(attributes, output!.shape.length),
    }),
};
