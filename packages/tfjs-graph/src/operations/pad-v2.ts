import { numberOf } from '../attributes.js';
import { GraphError, type Attributes } from '../graph.js';
import type { Operation } from '../operation.js';
import { standingLayout } from './families/layout.js';
import { typed } from './families/typed.js';

type Pair = readonly [number, number];

const isPairs = (value: Attributes[string]): value is readonly Pair[] =>
  Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2);

function paddingsOf(attributes: Attributes): readonly Pair[] {
  const value = attributes['paddings'];
  if (isPairs(value)) return value;
  throw new GraphError(
    'TRACE_INVALID',
    `Cannot pad by ${JSON.stringify(value)}: paddings are pairs of numbers, one a dimension`,
  );
}

/** A constant border. */
export const padV2: Operation = {
  kernel: 'PadV2',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => {
    const paddings = paddingsOf(attributes);
    return [{ shape: x!.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]), dtype: x!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const input = node.inputs[0]!;
    const { layout, axis } = standingLayout(input, onnx);
    const rank = input.shape.length;
    const pads = Array.from({ length: 2 * rank }, () => 0);
    paddingsOf(node.attributes).forEach(([before, after], i) => {
      pads[axis(i)] = before;
      pads[rank + axis(i)] = after;
    });
    const value = onnx.scalar(numberOf(node.attributes, 'constantValue', 0), input.dtype);
    onnx.write(node.outputs[0]!, onnx.emit('Pad', [onnx.read(input, layout), onnx.integers(pads), value]), layout);
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [input]) => {
    const pairs = paddingsOf(attributes);
    const paddings = tensorFlow.constant(Int32Array.from(pairs.flat()), [pairs.length, 2]);
    const value = tensorFlow.scalar(numberOf(attributes, 'constantValue', 0), x!.dtype);
    return tensorFlow.emit('PadV2', [input!, paddings, value], typed(x!));
  },
};
