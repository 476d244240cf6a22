import { unary } from './families/unary.js';

/** The cosine. */
export const cos = unary({
  kernel: 'Cos',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Cos', [x]),
});
