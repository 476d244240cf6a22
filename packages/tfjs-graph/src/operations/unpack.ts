import type { Operation } from '../operation.js';
import { axisOf } from './families/layout.js';
import { typed } from './families/typed.js';

/** The parts of a tensor along one axis, without that axis: the way back from `Pack`. */
export const unpack: Operation = {
  kernel: 'Unpack',
  inputs: ['value'],
  infer: ({ inputs: [value], attributes }) => {
    const axis = axisOf(attributes, value!.shape.length);
    const shape = value!.shape.filter((_, i) => i !== axis);
    return Array.from({ length: value!.shape[axis]! }, () => ({ shape, dtype: value!.dtype }));
  },
  toOnnx: (node, onnx) => {
    const input = node.inputs[0]!;
    const axis = axisOf(node.attributes, input.shape.length);
    node.outputs.forEach((output, i) => {
      const index = onnx.constant(BigInt64Array.of(BigInt(i)), []);
      onnx.write(output, onnx.emit('Gather', [onnx.read(input), index], { axis }));
    });
  },
  toTensorFlow: ({ inputs: [value], outputs, attributes }, tensorFlow, inputs) =>
    tensorFlow.emitMany('Unpack', inputs, {
      attributes: { ...typed(value!), num: outputs.length, axis: axisOf(attributes, value!.shape.length) },
      outputCount: outputs.length,
    }),
};
