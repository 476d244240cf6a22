import { unary } from './families/unary.js';

/** The natural logarithm. */
export const log = unary({
  kernel: 'Log',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Log', [x]),
});
