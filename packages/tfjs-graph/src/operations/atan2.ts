import { binary } from './families/binary.js';

/** The angle of the point (b, a), in radians. */
export const atan2 = binary({
  kernel: 'Atan2',
  result: 'same',
  formula: ([y, x], onnx) => {
    const zero = onnx.scalar(0);
    const atan = onnx.emit('Atan', [onnx.emit('Div', [y, x])]);
    const halfTurn = onnx.emit('Where', [onnx.emit('Less', [y, zero]), onnx.scalar(-Math.PI), onnx.scalar(Math.PI)]);
    const turned = onnx.emit('Where', [onnx.emit('Less', [x, zero]), onnx.emit('Add', [atan, halfTurn]), atan]);
    const origin = onnx.emit('And', [onnx.emit('Equal', [y, zero]), onnx.emit('Equal', [x, zero])]);
    return onnx.emit('Where', [origin, zero, turned]);
  },
});
