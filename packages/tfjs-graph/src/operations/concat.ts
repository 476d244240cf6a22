import { numberOf } from '../attributes.js';
import type { Attributes } from '../graph.js';
import type { Operation } from '../operation.js';
import { CHANNELS_FIRST_AXIS } from './reductions.js';

const axisOf = (attributes: Attributes, rank: number): number => {
  const axis = numberOf(attributes, 'axis', 0);
  return axis < 0 ? axis + rank : axis;
};

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
    const turned = node.inputs.some((value) => onnx.isChannelsFirst(value));
    const layout = turned ? 'channels-first' : 'logical';
    const names = node.inputs.map((value) => onnx.read(value, layout));
    onnx.write(node.outputs[0]!, onnx.emit('Concat', names, { axis: turned ? CHANNELS_FIRST_AXIS[axis]! : axis }), layout);
  },
};

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
};

/** The parts of a tensor along one axis, without that axis: the way back from `pack`. */
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
};
