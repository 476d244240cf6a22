import { unary } from './families/unary.js';

/** The number, held between 0 and 6. */
export const relu6 = unary({
  kernel: 'Relu6',
  result: 'same',
  formula: (x, onnx) => onnx.emit('Clip', [x, onnx.scalar(0), onnx.scalar(6)]),
});
