import type { Operation } from '../operation.js';
import { axisOf, CHANNELS_FIRST_AXIS } from './families/layout.js';
import { typed } from './families/typed.js';

/** Tensors one behind the other along one axis. */
export const concat: Operation = {
  kernel: 'Concat',
  inputs: 'list',
  infer: ({ inputs, attributes }) => {
    const axis = axisOf(attributes, inputs[0]!.shape.length);
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return [{ shape: inputs[0]!.shape.map((size, i) => (i === axis ? total : size)), dtype: inputs[0]!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const axis = axisOf(node.attributes, node.outputs[0]!.shape.length);
    const turned = node.inputs.some((value) => onnx.stands(value, 'channels-first'));
    const layout = turned ? 'channels-first' : 'logical';
    const names = node.inputs.map((value) => onnx.read(value, layout));
    onnx.write(
      node.outputs[0]!,
      onnx.emit('Concat', names, { axis: turned ? CHANNELS_FIRST_AXIS[axis]! : axis }),
      layout,
    );
  },
  toTensorFlow: ({ inputs: [first], attributes }, tensorFlow, inputs) => {
    const axis = tensorFlow.scalar(axisOf(attributes, first!.shape.length), 'int32');
    return tensorFlow.emit('ConcatV2', [...inputs, axis], {
      N: inputs.length,
      ...typed(first!),
      Tidx: { type: 'int32' },
    });
  },
};
