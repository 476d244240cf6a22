import { unary } from './families/unary.js';

/** True where the number is infinite. */
export const isInf = unary({
  kernel: 'IsInf',
  result: 'bool',
  formula: (x, onnx) => onnx.emit('IsInf', [x]),
});
