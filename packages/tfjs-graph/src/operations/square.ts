import { unary } from './families/unary.js';

/** The number times itself. */
export const square = unary({
  kernel: 'Square',
  result: 'same',
  formula: (x, onnx) => onnx.emit('Mul', [x, x]),
});
