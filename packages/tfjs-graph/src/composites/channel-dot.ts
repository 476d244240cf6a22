import { numberOf } from '../attributes.js';
import type { Composite } from '../operation.js';

/** The product of two images, summed over the pixels of each channel. */
export const channelDot: Composite = {
  operation: 'ChannelDot',
  toOnnx: (node, onnx) => {
    const [a, b] = node.inputs.map((value) => onnx.read(value, 'channels-first'));
    const sum = onnx.emit('ReduceSum', [onnx.emit('Mul', [a!, b!]), onnx.integers([2, 3])], { keepdims: 0 });
    const scaled = onnx.emit('Mul', [sum, onnx.scalar(numberOf(node.attributes, 'factor'))]);
    onnx.write(node.outputs[0]!, onnx.reshape(scaled, node.outputs[0]!.shape));
  },
};
