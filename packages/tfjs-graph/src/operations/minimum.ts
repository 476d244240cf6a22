import { binary } from './families/binary.js';

/** The smaller one. */
export const minimum = binary({
  kernel: 'Minimum',
  result: 'same',
  formula: (inputs, onnx) => onnx.emit('Min', inputs),
});
