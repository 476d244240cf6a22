import { numberOf } from '../attributes.js';
import type { Composite } from '../operation.js';

/** Of every square of 2×2 pixels the one in that row and column. */
export const pixelPhase: Composite = {
  operation: 'PixelPhase',
  toOnnx: (node, onnx) => {
    const [row, column] = [numberOf(node.attributes, 'row'), numberOf(node.attributes, 'column')];
    const [, height, width] = node.inputs[0]!.shape as [number, number, number, number];
    const part = onnx.emit('Slice', [
      onnx.read(node.inputs[0]!, 'channels-first'),
      onnx.integers([row, column]),
      onnx.integers([height, width]),
      onnx.integers([2, 3]),
      onnx.integers([2, 2]),
    ]);
    onnx.write(node.outputs[0]!, part, 'channels-first');
  },
};

/** Four images as one of twice the size: its pixels even and even, even and odd, odd and even, odd and odd. */
export const interleavePixels: Composite = {
  operation: 'InterleavePixels',
  toOnnx: (node, onnx) => {
    const names = node.inputs.map((value) => onnx.read(value, 'channels-first'));
    const joined = onnx.emit('Concat', names, { axis: 1 });
    onnx.write(node.outputs[0]!, onnx.emit('DepthToSpace', [joined], { blocksize: 2, mode: 'DCR' }), 'channels-first');
  },
};
