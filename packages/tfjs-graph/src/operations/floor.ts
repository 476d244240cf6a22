import { unary } from './families/unary.js';

/** The next integer below. */
export const floor = unary({
  kernel: 'Floor',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Floor', [x]),
});
