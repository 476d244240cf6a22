import { binary } from './families/binary.js';

/** The sum. */
export const add = binary({
  kernel: 'Add',
  result: 'same',
  tensorFlowType: 'AddV2',
  formula: (inputs, onnx) => onnx.emit('Add', inputs),
});
