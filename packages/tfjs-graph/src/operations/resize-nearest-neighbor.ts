import type { Operation } from '../operation.js';
import { grow } from './families/grow.js';
import { nearestPixels, sampledAxes, tensorFlowSampling } from './families/sampling.js';
import { wholeFactors } from './families/whole-factors.js';
import { numbersOf } from '../attributes.js';
import { typed } from './families/typed.js';

/** Images in another size, each pixel the copy of a near one. */
export const resizeNearestNeighbor: Operation = {
  kernel: 'ResizeNearestNeighbor',
  inputs: ['images'],
  infer: ({ inputs: [images], attributes }) => {
    const [h, w] = sampledAxes(attributes, images!.shape);
    return [{ shape: [images!.shape[0]!, h.output, w.output, images!.shape[3]!], dtype: images!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const images = node.inputs[0]!;
    const image = onnx.read(images, 'channels-first');
    const axes = sampledAxes(node.attributes, images.shape);
    const factors = wholeFactors(axes, node.attributes);
    const pick = (name: string, i: 0 | 1) =>
      onnx.emit('Gather', [name, onnx.integers(nearestPixels(axes[i], node.attributes))], { axis: i + 2 });
    onnx.write(node.outputs[0]!, factors ? grow(image, factors, onnx) : pick(pick(image, 0), 1), 'channels-first');
  },
  toTensorFlow: ({ inputs: [images], attributes }, tensorFlow, [image]) =>
    tensorFlow.emit('ResizeNearestNeighbor', [image!, tensorFlow.integers(numbersOf(attributes, 'size'))], {
      ...tensorFlowSampling(attributes),
      ...typed(images!),
    }),
};
