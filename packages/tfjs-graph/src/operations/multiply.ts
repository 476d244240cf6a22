import { binary } from './families/binary.js';

/** The product. */
export const multiply = binary({
  kernel: 'Multiply',
  result: 'same',
  tensorFlowType: 'Mul',
  formula: (inputs, onnx) => onnx.emit('Mul', inputs),
});
