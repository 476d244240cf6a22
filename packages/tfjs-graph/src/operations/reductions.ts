import { axesOf } from '../attributes.js';
import type { DataType, GraphNode } from '../graph.js';
import type { OnnxBuilder, Operation } from '../operation.js';

/** Where an axis of a rank-4 tensor lies when channels come first. */
export const CHANNELS_FIRST_AXIS = [0, 2, 3, 1] as const;

/** In opset 17 ReduceSum takes its axes as an input and the other reductions as an attribute. */
function emitReduction({ type, input, axes, keep }: { type: string; input: string; axes: readonly number[]; keep: boolean }, onnx: OnnxBuilder): string {
  const keepdims = keep ? 1 : 0;
  if (type === 'ReduceSum') return onnx.emit(type, [input, onnx.integers(axes)], { keepdims });
  return onnx.emit(type, [input], { axes, keepdims });
}

/** The kernel of `tf.max` alone calls its axes by another name. */
const axesName = (kernel: string): string => (kernel === 'Max' ? 'reductionIndices' : 'axis');

function writeReduction(node: GraphNode, onnx: OnnxBuilder, type: string): void {
  const input = node.inputs[0]!;
  const output = node.outputs[0]!;
  const axes = axesOf(node.attributes, input.shape.length, axesName(node.operation));
  const keep = output.shape.length === input.shape.length && node.attributes['keepDims'] === true;
  // Over height and width, or over everything, no transpose is needed: what is left keeps its order.
  const inPlace = onnx.isChannelsFirst(input) && (keep || [1, 2].every((axis) => axes.includes(axis)));
  if (axes.length === 0) onnx.write(output, onnx.emit('Identity', [onnx.read(input)]));
  else if (!inPlace) onnx.write(output, emitReduction({ type, input: onnx.read(input), axes, keep }, onnx));
  else {
    const turned = axes.map((axis) => CHANNELS_FIRST_AXIS[axis]!).toSorted((a, b) => a - b);
    const name = emitReduction({ type, input: onnx.read(input, 'channels-first'), axes: turned, keep }, onnx);
    onnx.write(output, name, keep ? 'channels-first' : 'logical');
  }
}

function reduction(kernel: string, type: string): Operation {
  return {
    kernel,
    inputs: ['x'],
    infer: ({ inputs: [x], attributes }) => {
      const axes = axesOf(attributes, x!.shape.length, axesName(kernel));
      const keep = attributes['keepDims'] === true;
      const shape = keep ? x!.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)) : x!.shape.filter((_, axis) => !axes.includes(axis));
      return [{ shape, dtype: x!.dtype as DataType }];
    },
    toOnnx: (node, onnx) => writeReduction(node, onnx, type),
  };
}

export const reductionOperations: readonly Operation[] = [
  reduction('Sum', 'ReduceSum'),
  reduction('Mean', 'ReduceMean'),
  reduction('Max', 'ReduceMax'),
  reduction('Min', 'ReduceMin'),
  reduction('Prod', 'ReduceProd'),
];
