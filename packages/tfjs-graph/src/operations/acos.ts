import { unary } from './families/unary.js';

/** The inverse cosine, in radians. */
export const acos = unary({
  kernel: 'Acos',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Acos', [x]),
});
