import { binary } from './families/binary.js';

/** True where both are. */
export const logicalAnd = binary({
  kernel: 'LogicalAnd',
  result: 'bool',
  takesBooleans: 'only',
  formula: (inputs, onnx) => onnx.emit('And', inputs),
});
