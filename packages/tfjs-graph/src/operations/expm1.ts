import { unary } from './families/unary.js';

/** eˣ − 1, exact near 0, where eˣ itself has no digits left for x. */
export const expm1 = unary({
  kernel: 'Expm1',
  result: 'float32',
  formula: (x, onnx) => {
    const half = onnx.emit('Tanh', [onnx.emit('Mul', [x, onnx.scalar(0.5)])]);
    const near = onnx.emit('Div', [onnx.emit('Mul', [half, onnx.scalar(2)]), onnx.emit('Sub', [onnx.scalar(1), half])]);
    const far = onnx.emit('Sub', [onnx.emit('Exp', [x]), onnx.scalar(1)]);
    return onnx.emit('Where', [onnx.emit('Less', [onnx.emit('Abs', [x]), onnx.scalar(1)]), near, far]);
  },
});
