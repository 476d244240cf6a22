import type { Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { axisOf } from './families/layout.js';
import { typed } from './families/typed.js';

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
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [input]) =>
    tensorFlow.emit('Cumsum', [input!, tensorFlow.scalar(axisOf(attributes, x!.shape.length), 'int32')], {
      ...typed(x!),
      exclusive: attributes['exclusive'] === true,
      reverse: attributes['reverse'] === true,
    }),
};
