import { numbersOf } from '../attributes.js';
import type { Attributes, Value } from '../graph.js';
import type { Operation } from '../operation.js';
import { axisOf, standingLayout } from './families/layout.js';
import { typed } from './families/typed.js';

function sizesOf(input: Value, attributes: Attributes, axis: number): number[] {
  const total = input.shape[axis]!;
  const wanted = attributes['numOrSizeSplits'];
  if (typeof wanted === 'number') return Array.from({ length: wanted }, () => total / wanted);
  const sizes = [...numbersOf(attributes, 'numOrSizeSplits')];
  const open = sizes.indexOf(-1);
  if (open >= 0) sizes[open] = total - sizes.reduce((sum, size) => (size < 0 ? sum : sum + size), 0);
  return sizes;
}

/** Node by node, for devices whose programs write few tensors at once (`writeOnnx(graph, { formulations })`). */
export const splitAsSlices: Operation['toOnnx'] = (node, onnx) => {
  const input = node.inputs[0]!;
  const along = axisOf(node.attributes, input.shape.length);
  const { layout, axis } = standingLayout(input, onnx);
  const axes = onnx.integers([axis(along)]);
  let from = 0;
  for (const output of node.outputs) {
    const to = from + output.shape[along]!;
    const bounds = [onnx.integers([from]), onnx.integers([to]), axes];
    onnx.write(output, onnx.emit('Slice', [onnx.read(input, layout), ...bounds]), layout);
    from = to;
  }
};

/** One tensor cut along one axis into several. */
export const splitV: Operation = {
  kernel: 'SplitV',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => {
    const axis = axisOf(attributes, x!.shape.length);
    return sizesOf(x!, attributes, axis).map((size) => ({
      shape: x!.shape.map((length, i) => (i === axis ? size : length)),
      dtype: x!.dtype,
    }));
  },
  toOnnx: (node, onnx) => {
    const input = node.inputs[0]!;
    const along = axisOf(node.attributes, input.shape.length);
    const { layout, axis } = standingLayout(input, onnx);
    const sizes = onnx.integers(sizesOf(input, node.attributes, along));
    const names = onnx.emitMany('Split', [onnx.read(input, layout), sizes], {
      attributes: { axis: axis(along) },
      outputCount: node.outputs.length,
    });
    node.outputs.forEach((output, i) => onnx.write(output, names[i]!, layout));
  },
  toTensorFlow: ({ inputs: [x], outputs, attributes }, tensorFlow, [input]) => {
    const axis = axisOf(attributes, x!.shape.length);
    const sizes = tensorFlow.integers(sizesOf(x!, attributes, axis));
    return tensorFlow.emitMany('SplitV', [input!, sizes, tensorFlow.scalar(axis, 'int32')], {
      attributes: { ...typed(x!), Tlen: { type: 'int32' }, num_split: outputs.length },
      outputCount: outputs.length,
    });
  },
};
