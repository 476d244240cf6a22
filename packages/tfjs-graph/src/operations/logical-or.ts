import { binary } from './families/binary.js';

/** True where at least one is. */
export const logicalOr = binary({
  kernel: 'LogicalOr',
  result: 'bool',
  takesBooleans: true,
  formula: (inputs, onnx) => onnx.emit('Or', inputs),
});
