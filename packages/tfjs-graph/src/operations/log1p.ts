import { unary } from './families/unary.js';

/** The logarithm of 1 + x, exact near 0, where 1 + x itself has no digits left for x. */
export const log1p = unary({
  kernel: 'Log1p',
  result: 'float32',
  formula: (x, onnx) => {
    const sum = onnx.emit('Add', [x, onnx.scalar(1)]);
    // What rounding took from the sum it took from the logarithm in the same proportion (Kahan).
    const kept = onnx.emit('Sub', [sum, onnx.scalar(1)]);
    const corrected = onnx.emit('Mul', [onnx.emit('Log', [sum]), onnx.emit('Div', [x, kept])]);
    return onnx.emit('Where', [onnx.emit('Equal', [kept, onnx.scalar(0)]), x, corrected]);
  },
});
