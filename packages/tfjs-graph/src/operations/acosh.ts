import { unary } from './families/unary.js';

/** The inverse hyperbolic cosine. */
export const acosh = unary({
  kernel: 'Acosh',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Acosh', [x]),
});
