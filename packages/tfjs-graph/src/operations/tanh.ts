import { unary } from './families/unary.js';

/** The hyperbolic tangent. */
export const tanh = unary({
  kernel: 'Tanh',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Tanh', [x]),
});
