import { unary } from './families/unary.js';

/** The inverse hyperbolic sine. */
export const asinh = unary({
  kernel: 'Asinh',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Asinh', [x]),
});
