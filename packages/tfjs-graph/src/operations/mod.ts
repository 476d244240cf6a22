import { binary } from './families/binary.js';

/** What is left of a division whose quotient is floored: it has the sign of the divisor. */
export const mod = binary({
  kernel: 'Mod',
  result: 'same',
  tensorFlowType: 'FloorMod',
  formula: (inputs, onnx, { outputs }) => {
    // ONNX takes the sign of the divisor for integers only.
    if (outputs[0]!.dtype === 'int32') return onnx.emit('Mod', inputs);
    const [a, b] = inputs;
    return onnx.emit('Sub', [a, onnx.emit('Mul', [onnx.emit('Floor', [onnx.emit('Div', [a, b])]), b])]);
  },
});
