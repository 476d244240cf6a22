import { numberOf, numbersOf } from '../attributes.js';
import type { DataType } from '../graph.js';
import type { Operation } from '../operation.js';
import { filledInTensorFlow, writeFilled } from './families/filled.js';

/** One number everywhere. */
export const fill: Operation = {
  kernel: 'Fill',
  inputs: [],
  infer: ({ attributes }) => [
    { shape: numbersOf(attributes, 'shape'), dtype: (attributes['dtype'] as DataType | undefined) ?? 'float32' },
  ],
  toOnnx: (node, onnx) => writeFilled(node.outputs[0]!, numberOf(node.attributes, 'value'), onnx),
  toTensorFlow: ({ attributes, outputs: [output] }, tensorFlow) =>
    filledInTensorFlow(output!, numberOf(attributes, 'value'), tensorFlow),
};
