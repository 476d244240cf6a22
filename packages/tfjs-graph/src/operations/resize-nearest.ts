import { numbersOf } from '../attributes.js';
import { GraphError, type Value } from '../graph.js';
import type { Operation } from '../operation.js';

/** By how much an image grows, where that is a whole number; other factors are refused by name. */
function factors(small: Value['shape'], large: readonly number[]): readonly [number, number] {
  const [height, width] = [large[0]! / small[1]!, large[1]! / small[2]!];
  if (Number.isInteger(height) && Number.isInteger(width)) return [height, width];
  throw new GraphError('OPERATION_UNSUPPORTED', `Cannot trace operation "ResizeNearestNeighbor" from ${small[1]}×${small[2]} to ${large.join('×')}: only whole factors are supported`);
}

/** Every pixel repeated: nearest-neighbour growth by whole factors. */
export const resizeNearest: Operation = {
  kernel: 'ResizeNearestNeighbor',
  inputs: ['images'],
  infer: ({ inputs: [images], attributes }) => {
    const [height, width] = numbersOf(attributes, 'size') as [number, number];
    factors(images!.shape, [height, width]);
    return [{ shape: [images!.shape[0]!, height, width, images!.shape[3]!], dtype: 'float32' }];
  },
  toOnnx: (node, onnx) => {
    const [height, width] = factors(node.inputs[0]!.shape, numbersOf(node.attributes, 'size'));
    const scales = onnx.constant(Float32Array.of(1, 1, height, width), [4]);
    const name = onnx.emit('Resize', [onnx.read(node.inputs[0]!, 'channels-first'), '', scales], {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    });
    onnx.write(node.outputs[0]!, name, 'channels-first');
  },
};

/** Its gradient: the sum over the copies of each pixel. */
export const resizeNearestGrad: Operation = {
  kernel: 'ResizeNearestNeighborGrad',
  inputs: ['images', 'dy'],
  infer: ({ inputs: [images] }) => [{ shape: images!.shape, dtype: 'float32' }],
  toOnnx: (node, onnx) => {
    const [images, dy] = [node.inputs[0]!, node.inputs[1]!];
    const kernel = factors(images.shape, dy.shape.slice(1, 3));
    const mean = onnx.emit('AveragePool', [onnx.read(dy, 'channels-first')], { kernel_shape: kernel, strides: kernel });
    onnx.write(node.outputs[0]!, onnx.emit('Mul', [mean, onnx.scalar(kernel[0] * kernel[1])]), 'channels-first');
  },
};
