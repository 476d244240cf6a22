import { numberOf } from '../attributes.js';
import { unary } from './families/unary.js';
import { typed } from './families/typed.js';

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
  tensorFlow: (x, tensorFlow, { attributes, outputs }) => {
    const { dtype } = outputs[0]!;
    const bounds = ['clipValueMin', 'clipValueMax'].map((name) => tensorFlow.scalar(numberOf(attributes, name), dtype));
    return tensorFlow.emit('ClipByValue', [x, ...bounds], typed({ dtype }));
  },
});
