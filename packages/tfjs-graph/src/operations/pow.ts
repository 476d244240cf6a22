import { binary } from './families/binary.js';

/** The first to the power of the second. */
export const pow = binary({
  kernel: 'Pow',
  result: 'same',
  formula: (inputs, onnx) => onnx.emit('Pow', inputs),
});
