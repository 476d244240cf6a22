import { unary } from './families/unary.js';

/** True where the number is NaN. */
export const isNan = unary({
  kernel: 'IsNan',
  result: 'bool',
  formula: (x, onnx) => onnx.emit('IsNaN', [x]),
});
