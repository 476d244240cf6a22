import type { Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { standingLayout } from './families/layout.js';
import { FLOATS } from './families/typed.js';

/** Numbers as shares of a whole: eˣ over the sum of eˣ along the last axis, wherever that lies. */
export const softmax: Operation = {
  kernel: 'Softmax',
  inputs: ['logits'],
  infer: ({ inputs: [logits] }) => [sameAs(logits!)],
  toOnnx: (node, onnx) => {
    const input = node.inputs[0]!;
    const { layout, axis } = standingLayout(input, onnx);
    onnx.write(
      node.outputs[0]!,
      onnx.emit('Softmax', [onnx.read(input, layout)], { axis: axis(input.shape.length - 1) }),
      layout,
    );
  },
  toTensorFlow: (_, tensorFlow, inputs) => tensorFlow.emit('Softmax', inputs, FLOATS),
};
