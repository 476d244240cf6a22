import { binary } from './families/binary.js';

/** True where the first is not smaller. */
export const greaterEqual = binary({
  kernel: 'GreaterEqual',
  result: 'bool',
  formula: (inputs, onnx) => onnx.emit('GreaterOrEqual', inputs),
});
