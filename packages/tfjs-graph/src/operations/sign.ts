import { unary } from './families/unary.js';

/** −1, 0 or 1. */
export const sign = unary({
  kernel: 'Sign',
  result: 'same',
  formula: (x, onnx) => onnx.emit('Sign', [x]),
});
