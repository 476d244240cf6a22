import { numberOf } from '../attributes.js';
import { unary } from './families/unary.js';

/** The number, held between two bounds. */
export const clipByValue = unary({
  kernel: 'ClipByValue',
  result: 'same',
  formula: (x, onnx, { attributes, outputs }) => {
    const { dtype } = outputs[0]!;
    return onnx.emit('Clip', [
      x,
      onnx.scalar(numberOf(attributes, 'clipValueMin'), dtype),
      onnx.scalar(numberOf(attributes, 'clipValueMax'), dtype),
    ]);
  },
});
