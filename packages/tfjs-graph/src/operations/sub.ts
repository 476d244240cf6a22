import { binary } from './families/binary.js';

/** The difference. */
export const sub = binary({
  kernel: 'Sub',
  result: 'same',
  formula: (inputs, onnx) => onnx.emit('Sub', inputs),
});
