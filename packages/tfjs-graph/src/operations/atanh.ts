import { unary } from './families/unary.js';

/** The inverse hyperbolic tangent. */
export const atanh = unary({
  kernel: 'Atanh',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Atanh', [x]),
});
