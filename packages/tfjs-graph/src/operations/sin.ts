import { unary } from './families/unary.js';

/** The sine. */
export const sin = unary({
  kernel: 'Sin',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Sin', [x]),
});
