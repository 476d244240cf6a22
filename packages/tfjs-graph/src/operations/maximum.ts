import { binary } from './families/binary.js';

/** The larger one. */
export const maximum = binary({
  kernel: 'Maximum',
  result: 'same',
  formula: (inputs, onnx) => onnx.emit('Max', inputs),
});
