import { unary } from './families/unary.js';

/** The nearest integer, the even one where two are as near. */
export const round = unary({
  kernel: 'Round',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Round', [x]),
});
