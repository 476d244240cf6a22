import type { Operation } from '../operation.js';
import { bilinearMatrix, sampledAxes, sandwich, tensorFlowSampling } from './families/sampling.js';
import { numbersOf } from '../attributes.js';
import { typed } from './families/typed.js';

/** Images in another size, each pixel between its neighbours. It aliases where images shrink: see `resize` in inference.ts. */
export const resizeBilinear: Operation = {
  kernel: 'ResizeBilinear',
  inputs: ['images'],
  infer: ({ inputs: [images], attributes }) => {
    const [h, w] = sampledAxes(attributes, images!.shape);
    return [{ shape: [images!.shape[0]!, h.output, w.output, images!.shape[3]!], dtype: 'float32' }];
  },
  toOnnx: (node, onnx) => {
    const { attributes } = node;
    const axes = sampledAxes(attributes, node.inputs[0]!.shape);
    const image = onnx.read(node.inputs[0]!, 'channels-first');
    onnx.write(
      node.outputs[0]!,
      sandwich(image, { axes, matrixOf: (axis) => bilinearMatrix(axis, attributes), direction: 'forwards' }, onnx),
      'channels-first',
    );
  },
  toTensorFlow: ({ inputs: [images], attributes }, tensorFlow, [image]) =>
    tensorFlow.emit('ResizeBilinear', [image!, tensorFlow.integers(numbersOf(attributes, 'size'))], {
      ...tensorFlowSampling(attributes),
      ...typed(images!),
    }),
};
