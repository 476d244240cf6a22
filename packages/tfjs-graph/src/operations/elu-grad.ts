import type { Operation } from '../operation.js';
import { sameAs, writeElementwise } from './families/elementwise.js';
import { FLOATS } from './families/typed.js';

/** Gradient of `Elu`, from its result: 1 where that is positive, else what it lacks to −1. */
export const eluGrad: Operation = {
  kernel: 'EluGrad',
  inputs: ['dy', 'y'],
  infer: ({ inputs: [dy] }) => [sameAs(dy!)],
  toOnnx: (node, onnx) =>
    writeElementwise(node, onnx, ([dy, y]) => {
      const slope = onnx.emit('Where', [
        onnx.emit('Greater', [y!, onnx.scalar(0)]),
        onnx.scalar(1),
        onnx.emit('Add', [y!, onnx.scalar(1)]),
      ]);
      return onnx.emit('Mul', [dy!, slope]);
    }),
  toTensorFlow: (_, tensorFlow, inputs) => tensorFlow.emit('EluGrad', inputs, FLOATS),
};
