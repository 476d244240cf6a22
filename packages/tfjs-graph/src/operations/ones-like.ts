import type { Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { filledInTensorFlow, writeFilled } from './families/filled.js';

/** Ones in the shape of another tensor. */
export const onesLike: Operation = {
  kernel: 'OnesLike',
  inputs: ['x'],
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node, onnx) => writeFilled(node.outputs[0]!, 1, onnx),
  toTensorFlow: ({ outputs: [output] }, tensorFlow) => filledInTensorFlow(output!, 1, tensorFlow),
};
