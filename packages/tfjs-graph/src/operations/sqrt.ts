import { unary } from './families/unary.js';

/** The square root. */
export const sqrt = unary({
  kernel: 'Sqrt',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Sqrt', [x]),
});
