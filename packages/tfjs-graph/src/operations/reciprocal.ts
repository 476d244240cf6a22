import { unary } from './families/unary.js';

/** 1 over the number. */
export const reciprocal = unary({
  kernel: 'Reciprocal',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Reciprocal', [x]),
});
