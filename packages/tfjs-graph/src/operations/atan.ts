import { unary } from './families/unary.js';

/** The inverse tangent, in radians. */
export const atan = unary({
  kernel: 'Atan',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Atan', [x]),
});
