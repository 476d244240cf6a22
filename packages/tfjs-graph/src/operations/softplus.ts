import { unary } from './families/unary.js';

/** The logarithm of 1 + eˣ, a smooth ReLU. */
export const softplus = unary({
  kernel: 'Softplus',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Softplus', [x]),
});
