import { unary } from './families/unary.js';

/** The error function. */
export const erf = unary({
  kernel: 'Erf',
  result: 'float32',
  integers: 'widened',
  formula: (x, onnx) => onnx.emit('Erf', [x]),
});
