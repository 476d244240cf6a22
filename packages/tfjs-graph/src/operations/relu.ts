import { unary } from './families/unary.js';

/** The number where it is positive, 0 elsewhere. */
export const relu = unary({
  kernel: 'Relu',
  result: 'same',
  formula: (x, onnx) => onnx.emit('Relu', [x]),
});
