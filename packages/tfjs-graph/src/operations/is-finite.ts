import { unary } from './families/unary.js';

/** True where the number is neither infinite nor NaN. */
export const isFinite = unary({
  kernel: 'IsFinite',
  result: 'bool',
  formula: (x, onnx) => onnx.emit('Not', [onnx.emit('Or', [onnx.emit('IsNaN', [x]), onnx.emit('IsInf', [x])])]),
});
