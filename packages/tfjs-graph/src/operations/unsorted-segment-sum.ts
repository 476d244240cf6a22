import { numberOf } from '../attributes.js';
import { ELEMENT_TYPES } from '../onnx/element-types.js';
import type { Operation } from '../operation.js';
import { typed } from './families/typed.js';

/** Rows summed by the number of their segment; the gradient of a look-up. Every number must name a segment. */
export const unsortedSegmentSum: Operation = {
  kernel: 'UnsortedSegmentSum',
  inputs: ['x', 'segmentIds'],
  infer: ({ inputs: [x], attributes }) => [
    { shape: [numberOf(attributes, 'numSegments'), ...x!.shape.slice(1)], dtype: x!.dtype },
  ],
  toOnnx: (node, onnx) => {
    const [x, segments, output] = [node.inputs[0]!, node.inputs[1]!, node.outputs[0]!];
    const empty = onnx.emit('Expand', [onnx.scalar(0, output.dtype), onnx.integers(output.shape)]);
    const wide = onnx.emit('Cast', [onnx.read(segments)], { to: ELEMENT_TYPES.int64 });
    const places = onnx.emit('Unsqueeze', [wide, onnx.integers([1])]);
    onnx.write(output, onnx.emit('ScatterND', [empty, places, onnx.read(x)], { reduction: 'add' }));
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, inputs) =>
    tensorFlow.emit(
      'UnsortedSegmentSum',
      [...inputs, tensorFlow.scalar(numberOf(attributes, 'numSegments'), 'int32')],
      {
        ...typed(x!),
        Tindices: { type: 'int32' },
      },
    ),
};
