import type { Operation } from '../operation.js';
import { sameAs, writeElementwise } from './families/elementwise.js';
import { typed } from './families/typed.js';

/** The tensor itself under another name. */
export const identity: Operation = {
  kernel: 'Identity',
  inputs: ['x'],
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node, onnx) => writeElementwise(node, onnx, ([x]) => onnx.emit('Identity', [x!])),
  toTensorFlow: ({ inputs: [x] }, tensorFlow, inputs) => tensorFlow.emit('Identity', inputs, typed(x!)),
};
