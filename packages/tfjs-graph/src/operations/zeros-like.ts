import type { Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { filledInTensorFlow, writeFilled } from './families/filled.js';

/** Zeros in the shape of another tensor. */
export const zerosLike: Operation = {
  kernel: 'ZerosLike',
  inputs: ['x'],
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node, onnx) => writeFilled(node.outputs[0]!, 0, onnx),
  toTensorFlow: ({ outputs: [output] }, tensorFlow) => filledInTensorFlow(output!, 0, tensorFlow),
};
