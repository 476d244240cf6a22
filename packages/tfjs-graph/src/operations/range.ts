import { numberOf } from '../attributes.js';
import type { Attributes, DataType, Numbers } from '../graph.js';
import type { Operation } from '../operation.js';

const dtypeOf = (attributes: Attributes): DataType => (attributes['dtype'] === 'int32' ? 'int32' : 'float32');

function numbers(attributes: Attributes): Numbers {
  const [start, stop, step] = ['start', 'stop', 'step'].map((name) => numberOf(attributes, name)) as [
    number,
    number,
    number,
  ];
  const sign = Math.sign(step);
  const count =
    start === stop || sign === 0 || sign !== Math.sign(stop - start) ? 0 : Math.abs(Math.ceil((stop - start) / step));
  const values = Array.from({ length: count }, (_, i) => start + i * step);
  return dtypeOf(attributes) === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
}

/** Numbers from one to another in equal steps: known while tracing, so a constant in the file. */
export const range: Operation = {
  kernel: 'Range',
  inputs: [],
  infer: ({ attributes }) => [{ shape: [numbers(attributes).length], dtype: dtypeOf(attributes) }],
  toOnnx: ({ attributes, outputs: [output] }, onnx) =>
    onnx.write(output!, onnx.constant(numbers(attributes), output!.shape)),
  toTensorFlow: ({ attributes, outputs: [output] }, tensorFlow) =>
    tensorFlow.constant(numbers(attributes), output!.shape),
};
