import { binary } from './families/binary.js';

/** True where the first is smaller. */
export const less = binary({
  kernel: 'Less',
  result: 'bool',
  formula: (inputs, onnx) => onnx.emit('Less', inputs),
});
