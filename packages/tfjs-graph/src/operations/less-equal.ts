import { binary } from './families/binary.js';

/** True where the first is not larger. */
export const lessEqual = binary({
  kernel: 'LessEqual',
  result: 'bool',
  formula: (inputs, onnx) => onnx.emit('LessOrEqual', inputs),
});
