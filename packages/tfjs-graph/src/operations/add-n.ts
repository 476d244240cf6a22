import type { Operation } from '../operation.js';
import { sameAs, writeElementwise } from './families/elementwise.js';
import { typed } from './families/typed.js';

/** The sum of any number of tensors of one shape; gradients that meet are added with it. ONNX sums floats only at once. */
export const addN: Operation = {
  kernel: 'AddN',
  inputs: 'list',
  infer: ({ inputs: [first] }) => [sameAs(first!)],
  toOnnx: (node, onnx) =>
    writeElementwise(node, onnx, (inputs) =>
      node.outputs[0]!.dtype === 'float32'
        ? onnx.emit('Sum', inputs)
        : inputs.reduce((sum, input) => onnx.emit('Add', [sum, input])),
    ),
  toTensorFlow: ({ inputs: [first] }, tensorFlow, inputs) =>
    tensorFlow.emit('AddN', inputs, { N: inputs.length, ...typed(first!) }),
};
