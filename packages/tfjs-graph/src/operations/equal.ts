import { binary } from './families/binary.js';

/** True where both are the same. */
export const equal = binary({
  kernel: 'Equal',
  result: 'bool',
  takesBooleans: true,
  formula: (inputs, onnx) => onnx.emit('Equal', inputs),
});
