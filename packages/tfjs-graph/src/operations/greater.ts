import { binary } from './families/binary.js';

/** True where the first is larger. */
export const greater = binary({
  kernel: 'Greater',
  result: 'bool',
  formula: (inputs, onnx) => onnx.emit('Greater', inputs),
});
