import { unary } from './families/unary.js';

/** e to the power of the number. */
export const exp = unary({
  kernel: 'Exp',
  result: 'float32',
  integers: 'widened',
  formula: (x, onnx) => onnx.emit('Exp', [x]),
});
