import { unary } from './families/unary.js';

/** The absolute value. */
export const abs = unary({
  kernel: 'Abs',
  result: 'same',
  formula: (x, onnx) => onnx.emit('Abs', [x]),
});
