import { unary } from './families/unary.js';

/** The self-normalising unit of Klambauer et al. 2017 (arXiv 1706.02515). */
export const selu = unary({
  kernel: 'Selu',
  result: 'float32',
  formula: (x, onnx) => onnx.emit('Selu', [x]),
});
