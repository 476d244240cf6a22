import { numbersOf } from '../attributes.js';
import type { Attributes, Value } from '../graph.js';
import type { Operation } from '../operation.js';
import { CHANNELS_FIRST_AXIS } from './reductions.js';

function bounds(input: Value, attributes: Attributes): { begin: number[]; size: number[] } {
  const givenBegin = numbersOf(attributes, 'begin');
  const givenSize = attributes['size'] === undefined ? [] : numbersOf(attributes, 'size');
  const begin = input.shape.map((_, axis) => givenBegin[axis] ?? 0);
  const size = input.shape.map((length, axis) => {
    const wanted = givenSize[axis] ?? -1;
    return wanted < 0 ? length - begin[axis]! : wanted;
  });
  return { begin, size };
}

/** A rectangular part. */
export const slice: Operation = {
  kernel: 'Slice',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => [{ shape: bounds(x!, attributes).size, dtype: x!.dtype }],
  toOnnx: (node, onnx) => {
    const input = node.inputs[0]!;
    const { begin, size } = bounds(input, node.attributes);
    const turned = onnx.isChannelsFirst(input);
    const axes = input.shape.map((_, axis) => axis).filter((axis) => size[axis] !== input.shape[axis]);
    const layout = turned ? 'channels-first' : 'logical';
    if (axes.length === 0) onnx.write(node.outputs[0]!, onnx.emit('Identity', [onnx.read(input, layout)]), layout);
    else {
      const name = onnx.emit('Slice', [
        onnx.read(input, layout),
        onnx.integers(axes.map((axis) => begin[axis]!)),
        onnx.integers(axes.map((axis) => begin[axis]! + size[axis]!)),
        onnx.integers(turned ? axes.map((axis) => CHANNELS_FIRST_AXIS[axis]!) : axes),
      ]);
      onnx.write(node.outputs[0]!, name, layout);
    }
  },
};
