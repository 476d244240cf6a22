import { numberOf } from '../attributes.js';
import type { Attributes } from '../graph.js';
import type { Operation } from '../operation.js';

function numbers(attributes: Attributes): Float32Array {
  const [start, stop, count] = ['start', 'stop', 'num'].map((name) => numberOf(attributes, name)) as [
    number,
    number,
    number,
  ];
  const step = count === 1 ? 0 : (stop - start) / (count - 1);
  return Float32Array.from({ length: count }, (_, i) => start + i * step);
}

/** So many numbers from one to another: known while tracing, so a constant in the file. */
export const linSpace: Operation = {
  kernel: 'LinSpace',
  inputs: [],
  infer: ({ attributes }) => [{ shape: [numberOf(attributes, 'num')], dtype: 'float32' }],
  toOnnx: ({ attributes, outputs: [output] }, onnx) =>
    onnx.write(output!, onnx.constant(numbers(attributes), output!.shape)),
  toTensorFlow: ({ attributes, outputs: [output] }, tensorFlow) =>
    tensorFlow.constant(numbers(attributes), output!.shape),
};
