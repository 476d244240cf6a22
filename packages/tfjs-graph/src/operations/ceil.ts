import { unary } from './families/unary.js';

/** The next integer above. */
export const ceil = unary({
  kernel: 'Ceil',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Ceil', [x]),
});
