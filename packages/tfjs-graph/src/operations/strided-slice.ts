import * as tf from '@tensorflow/tfjs';
import { numberOf, numbersOf } from '../attributes.js';
import type { Attributes, Value } from '../graph.js';
import type { Operation } from '../operation.js';
import { typed } from './families/typed.js';

/** Below every axis: the end of a part that is read backwards to its first element. */
const BEFORE_FIRST = -2_147_483_647;

function partOf(x: Value, attributes: Attributes) {
  const mask = (name: string) => numberOf(attributes, name, 0);
  return tf.slice_util.sliceInfo(
    [...x.shape],
    [...numbersOf(attributes, 'begin')],
    [...numbersOf(attributes, 'end')],
    [...numbersOf(attributes, 'strides')],
    mask('beginMask'),
    mask('endMask'),
    mask('ellipsisMask'),
    mask('newAxisMask'),
    mask('shrinkAxisMask'),
  );
}

/** A part with steps, as `x[a:b:step]` in Python; axes may be added or dropped on the way. */
export const stridedSlice: Operation = {
  kernel: 'StridedSlice',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => [{ shape: partOf(x!, attributes).finalShape, dtype: x!.dtype }],
  toOnnx: (node, onnx) => {
    const input = node.inputs[0]!;
    const { begin, end, strides, finalShape } = partOf(input, node.attributes);
    const ends = end.map((stop, axis) => (strides[axis]! < 0 && stop < 0 ? BEFORE_FIRST : stop));
    const axes = input.shape.map((_, axis) => axis);
    const part = onnx.emit('Slice', [
      onnx.read(input),
      onnx.integers(begin),
      onnx.integers(ends),
      onnx.integers(axes),
      onnx.integers(strides),
    ]);
    onnx.write(node.outputs[0]!, onnx.reshape(part, finalShape));
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [input]) => {
    const lists = ['begin', 'end', 'strides'].map((name) => tensorFlow.integers(numbersOf(attributes, name)));
    return tensorFlow.emit('StridedSlice', [input!, ...lists], {
      ...typed(x!),
      Index: { type: 'int32' },
      begin_mask: numberOf(attributes, 'beginMask', 0),
      end_mask: numberOf(attributes, 'endMask', 0),
      ellipsis_mask: numberOf(attributes, 'ellipsisMask', 0),
      new_axis_mask: numberOf(attributes, 'newAxisMask', 0),
      shrink_axis_mask: numberOf(attributes, 'shrinkAxisMask', 0),
    });
  },
};
