import { unary } from './families/unary.js';

/** The number with its sign turned. */
export const neg = unary({
  kernel: 'Neg',
  result: 'same',
  formula: (x, onnx) => onnx.emit('Neg', [x]),
});
