import { binary } from './families/binary.js';

/** The square of the difference. */
export const squaredDifference = binary({
  kernel: 'SquaredDifference',
  result: 'same',
  formula: (inputs, onnx) => {
    const difference = onnx.emit('Sub', inputs);
    return onnx.emit('Mul', [difference, difference]);
  },
});
