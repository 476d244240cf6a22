import type { Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { axisOf } from './families/layout.js';

/** Sums of everything so far along one axis. */
export const cumsum: Operation = {
  kernel: 'Cumsum',
  inputs: ['x'],
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node, onnx) => {
    const { attributes } = node;
    const input = node.inputs[0]!;
    const axis = onnx.constant(BigInt64Array.of(BigInt(axisOf(attributes, input.shape.length))), []);
    const flags = {
      exclusive: attributes['exclusive'] === true ? 1 : 0,
      reverse: attributes['reverse'] === true ? 1 : 0,
    };
    onnx.write(node.outputs[0]!, onnx.emit('CumSum', [onnx.read(input), axis], flags));
  },
};
