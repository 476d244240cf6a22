import { binary } from './families/binary.js';

/** The sum. */
export const add = binary({
  kernel: 'Add',
  result: 'same',
  formula: (inputs, onnx) => onnx.emit('Add', inputs),
});
