import { numberOf } from '../attributes.js';
import { GraphError, type Attributes } from '../graph.js';
import type { Operation } from '../operation.js';

function paddingsOf(attributes: Attributes): readonly (readonly [number, number])[] {
  const value = attributes['paddings'];
  if (Array.isArray(value) && value.every((pair) => Array.isArray(pair))) return value as unknown as [number, number][]; // the type of the attribute is a union
  throw new GraphError('TRACE_INVALID', 'Cannot pad: paddings are not pairs of numbers');
}

/** A constant border. */
export const pad: Operation = {
  kernel: 'PadV2',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => {
    const paddings = paddingsOf(attributes);
    return [{ shape: x!.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]), dtype: x!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const paddings = paddingsOf(node.attributes);
    const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
    const value = onnx.scalar(numberOf(node.attributes, 'constantValue', 0), node.inputs[0]!.dtype);
    onnx.write(node.outputs[0]!, onnx.emit('Pad', [onnx.read(node.inputs[0]!), onnx.integers(pads), value]));
  },
};
