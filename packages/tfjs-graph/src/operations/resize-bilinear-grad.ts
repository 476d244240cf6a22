import type { Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { bilinearMatrix, sampledAxes, sandwich, tensorFlowSampling } from './families/sampling.js';

/** Gradient of `ResizeBilinear`: the same weights the other way round. */
export const resizeBilinearGrad: Operation = {
  kernel: 'ResizeBilinearGrad',
  inputs: ['images', 'dy'],
  infer: ({ inputs: [images] }) => [sameAs(images!)],
  toOnnx: (node, onnx) => {
    const { attributes } = node;
    const axes = sampledAxes(attributes, node.inputs[0]!.shape);
    const dy = onnx.read(node.inputs[1]!, 'channels-first');
    onnx.write(
      node.outputs[0]!,
      sandwich(dy, { axes, matrixOf: (axis) => bilinearMatrix(axis, attributes), direction: 'backwards' }, onnx),
      'channels-first',
    );
  },
  toTensorFlow: ({ attributes }, tensorFlow, [images, dy]) =>
    tensorFlow.emit('ResizeBilinearGrad', [dy!, images!], tensorFlowSampling(attributes)),
};
