import { binary } from './families/binary.js';

/** True where they differ. */
export const notEqual = binary({
  kernel: 'NotEqual',
  result: 'bool',
  takesBooleans: true,
  formula: (inputs, onnx) => onnx.emit('Not', [onnx.emit('Equal', inputs)]),
});
