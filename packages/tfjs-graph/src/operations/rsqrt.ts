import { unary } from './families/unary.js';

/** 1 over the square root. */
export const rsqrt = unary({
  kernel: 'Rsqrt',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Reciprocal', [onnx.emit('Sqrt', [x])]),
});
