import { numberOf } from '../attributes.js';
import type { DataType } from '../graph.js';
import type { Operation } from '../operation.js';
import { typed } from './families/typed.js';

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
    const rank = node.inputs[0]!.shape.length;
    // Of images the channels come first, as whatever follows wants them: comparing and summing then go along the pixels.
    const layout = rank === 3 ? 'channels-first' : 'logical';
    const classes = onnx.constant(
      Int32Array.from({ length: depth }, (_, i) => i),
      layout === 'logical' ? [depth] : [depth, 1, 1],
    );
    const axis = layout === 'logical' ? rank : 1;
    const indices = onnx.emit('Unsqueeze', [onnx.read(node.inputs[0]!), onnx.integers([axis])]);
    const hit = onnx.emit('Equal', [indices, classes]);
    const name = onnx.emit('Where', [
      hit,
      onnx.scalar(numberOf(attributes, 'onValue', 1), dtype),
      onnx.scalar(numberOf(attributes, 'offValue', 0), dtype),
    ]);
    onnx.write(node.outputs[0]!, name, layout);
  },
  toTensorFlow: ({ attributes, outputs: [output] }, tensorFlow, [indices]) => {
    const number = (name: string, otherwise: number) =>
      tensorFlow.scalar(numberOf(attributes, name, otherwise), output!.dtype);
    const depth = tensorFlow.scalar(numberOf(attributes, 'depth'), 'int32');
    return tensorFlow.emit('OneHot', [indices!, depth, number('onValue', 1), number('offValue', 0)], {
      ...typed(output!),
      TI: { type: 'int32' },
    });
  },
};
