import { unary } from './families/unary.js';

/** The number where it is positive, eˣ − 1 elsewhere. */
export const elu = unary({
  kernel: 'Elu',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Elu', [x]),
});
