import { ELEMENT_TYPES } from '../onnx/element-types.js';
import { binary } from './families/binary.js';

/** The integer below the quotient. */
export const floorDiv = binary({
  kernel: 'FloorDiv',
  result: 'same',
  formula: (inputs, onnx, { outputs }) => {
    const { dtype } = outputs[0]!;
    if (dtype === 'float32') return onnx.emit('Floor', [onnx.emit('Div', inputs)]);
    // ONNX divides integers towards zero and floors floats only.
    const [a, b] = inputs.map((input) => onnx.emit('Cast', [input], { to: ELEMENT_TYPES.float32 }));
    return onnx.emit('Cast', [onnx.emit('Floor', [onnx.emit('Div', [a!, b!])])], { to: ELEMENT_TYPES[dtype] });
  },
});
