import { numberOf } from '../attributes.js';
import type { DataType } from '../graph.js';
import type { Operation } from '../operation.js';

/** `onValue` at the index and `offValue` elsewhere, along a new last axis. */
export const oneHot: Operation = {
  kernel: 'OneHot',
  inputs: ['indices'],
  infer: ({ inputs: [indices], attributes }) => [
    {
      shape: [...indices!.shape, numberOf(attributes, 'depth')],
      dtype: (attributes['dtype'] as DataType | undefined) ?? 'float32',
    },
  ],
  toOnnx: (node, onnx) => {
    const { attributes } = node;
    const { dtype } = node.outputs[0]!;
    const depth = numberOf(attributes, 'depth');
    const classes = onnx.constant(
      Int32Array.from({ length: depth }, (_, i) => i),
      [depth],
    );
    const indices = onnx.emit('Unsqueeze', [onnx.read(node.inputs[0]!), onnx.integers([node.inputs[0]!.shape.length])]);
    const hit = onnx.emit('Equal', [indices, classes]);
    const name = onnx.emit('Where', [
      hit,
      onnx.scalar(numberOf(attributes, 'onValue', 1), dtype),
      onnx.scalar(numberOf(attributes, 'offValue', 0), dtype),
    ]);
    onnx.write(node.outputs[0]!, name);
  },
};
