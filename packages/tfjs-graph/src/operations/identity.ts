import type { Operation } from '../operation.js';
import { sameAs, writeElementwise } from './families/elementwise.js';

/** The tensor itself under another name. */
export const identity: Operation = {
  kernel: 'Identity',
  inputs: ['x'],
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node, onnx) => writeElementwise(node, onnx, ([x]) => onnx.emit('Identity', [x!])),
};
