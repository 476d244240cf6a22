import { numbersOf } from '../attributes.js';
import type { Attributes, Value } from '../graph.js';
import type { Operation } from '../operation.js';
import { standingLayout } from './families/layout.js';
import { typed } from './families/typed.js';

/** Where a part begins and how large it is, axis by axis. */
export function boundsOf(input: Value, attributes: Attributes): { begin: number[]; size: number[] } {
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
  infer: ({ inputs: [x], attributes }) => [{ shape: boundsOf(x!, attributes).size, dtype: x!.dtype }],
  toOnnx: (node, onnx) => {
    const [input, output] = [node.inputs[0]!, node.outputs[0]!];
    const { begin, size } = boundsOf(input, node.attributes);
    const { layout, axis } = standingLayout(input, onnx);
    const cut = input.shape.map((_, i) => i).filter((i) => size[i] !== input.shape[i]);
    if (cut.length === 0) onnx.write(output, onnx.emit('Identity', [onnx.read(input, layout)]), layout);
    else {
      const from = onnx.integers(cut.map((i) => begin[i]!));
      const to = onnx.integers(cut.map((i) => begin[i]! + size[i]!));
      onnx.write(
        output,
        onnx.emit('Slice', [onnx.read(input, layout), from, to, onnx.integers(cut.map(axis))]),
        layout,
      );
    }
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, [input]) => {
    const { begin, size } = boundsOf(x!, attributes);
    return tensorFlow.emit('Slice', [input!, tensorFlow.integers(begin), tensorFlow.integers(size)], {
      ...typed(x!),
      Index: { type: 'int32' },
    });
  },
};
