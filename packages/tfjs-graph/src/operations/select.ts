import type { Operation } from '../operation.js';
import { sameAs, writeElementwise } from './families/elementwise.js';
import { typed } from './families/typed.js';

/** Where `condition` holds the elements of `t`, elsewhere those of `e`. */
export const select: Operation = {
  kernel: 'Select',
  inputs: ['condition', 't', 'e'],
  infer: ({ inputs: [, whenTrue] }) => [sameAs(whenTrue!)],
  toOnnx: (node, onnx) => writeElementwise(node, onnx, (inputs) => onnx.emit('Where', inputs)),
  toTensorFlow: ({ outputs: [output] }, tensorFlow, inputs) => tensorFlow.emit('SelectV2', inputs, typed(output!)),
};
