import { unary } from './families/unary.js';

/** The logistic function. */
export const sigmoid = unary({
  kernel: 'Sigmoid',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Sigmoid', [x]),
});
