import { unary } from './families/unary.js';

/** The hyperbolic cosine. */
export const cosh = unary({
  kernel: 'Cosh',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Cosh', [x]),
});
