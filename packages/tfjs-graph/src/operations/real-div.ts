import { binary } from './families/binary.js';

/** The quotient. */
export const realDiv = binary({
  kernel: 'RealDiv',
  result: 'same',
  formula: (inputs, onnx) => onnx.emit('Div', inputs),
});
