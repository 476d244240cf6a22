import { unary } from './families/unary.js';

/** The hyperbolic sine. */
export const sinh = unary({
  kernel: 'Sinh',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Sinh', [x]),
});
