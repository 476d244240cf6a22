import type { Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { nearestMatrix, sampledAxes, sandwich, tensorFlowSampling } from './families/sampling.js';
import { wholeFactors } from './families/whole-factors.js';

/** Gradient of `ResizeNearestNeighbor`: the sum over the copies of each pixel. */
export const resizeNearestNeighborGrad: Operation = {
  kernel: 'ResizeNearestNeighborGrad',
  inputs: ['images', 'dy'],
  infer: ({ inputs: [images] }) => [sameAs(images!)],
  toOnnx: (node, onnx) => {
    const { attributes } = node;
    const dy = onnx.read(node.inputs[1]!, 'channels-first');
    const axes = sampledAxes(attributes, node.inputs[0]!.shape);
    const factors = wholeFactors(axes, attributes);
    const sums = factors
      ? onnx.emit('Mul', [
          onnx.emit('AveragePool', [dy], { kernel_shape: factors, strides: factors }),
          onnx.scalar(factors[0] * factors[1]),
        ])
      : sandwich(dy, { axes, matrixOf: (axis) => nearestMatrix(axis, attributes), direction: 'backwards' }, onnx);
    onnx.write(node.outputs[0]!, sums, 'channels-first');
  },
  toTensorFlow: ({ inputs: [images], attributes }, tensorFlow, [, dy]) =>
    tensorFlow.emit(
      'ResizeNearestNeighborGrad',
      [dy!, tensorFlow.integers(images!.shape.slice(1, 3))],
      tensorFlowSampling(attributes),
    ),
};
