import { unary } from './families/unary.js';

/** The tangent. */
export const tan = unary({
  kernel: 'Tan',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Tan', [x]),
});
