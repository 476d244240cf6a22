import { binary } from './families/binary.js';

/** True where at least one is. */
export const logicalOr = binary({
  kernel: 'LogicalOr',
  result: 'bool',
  takesBooleans: 'only',
  formula: (inputs, onnx) => onnx.emit('Or', inputs),
});
