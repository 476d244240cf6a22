import { unary } from './families/unary.js';

/** The inverse sine, in radians. */
export const asin = unary({
  kernel: 'Asin',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Asin', [x]),
});
