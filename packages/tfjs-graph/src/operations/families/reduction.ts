import { axesOf } from '../../attributes.js';
import type { DataType, GraphNode } from '../../graph.js';
import { ELEMENT_TYPES } from '../../onnx/element-types.js';
import type { OnnxBuilder, Operation, TensorFlowBuilder } from '../../operation.js';
import { CHANNELS_FIRST_AXIS } from './layout.js';
import { typed } from './typed.js';

export interface ReductionRule {
  readonly kernel: string;
  readonly onnxType: 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin' | 'ReduceProd';
  /** TensorFlow.js's kernel of `tf.max` alone calls its axes by another name. */
  readonly axesName?: string;
}

interface Reduce {
  readonly type: ReductionRule['onnxType'];
  readonly input: string;
  readonly axes: readonly number[];
  readonly keep: boolean;
}

/** In operator set 17 ReduceSum takes its axes as an input and the other reductions as an attribute. */
function emitReduction({ type, input, axes, keep }: Reduce, onnx: OnnxBuilder): string {
  const keepdims = keep ? 1 : 0;
  if (type === 'ReduceSum') return onnx.emit(type, [input, onnx.integers(axes)], { keepdims });
  return onnx.emit(type, [input], { axes, keepdims });
}

function writeReduction(node: GraphNode, onnx: OnnxBuilder, { onnxType: type, axesName }: ReductionRule): void {
  const [input, output] = [node.inputs[0]!, node.outputs[0]!];
  const axes = axesOf(node.attributes, input.shape.length, axesName);
  const keep = node.attributes['keepDims'] === true;
  // Over height and width, or over everything, no transpose is needed: what is left keeps its order.
  const inPlace = onnx.stands(input, 'channels-first') && (keep || [1, 2].every((axis) => axes.includes(axis)));
  // ONNX knows no reduction of truth values; as int32 the largest is "any" and the smallest is "all".
  const numbers = (name: string) =>
    input.dtype === 'bool' ? onnx.emit('Cast', [name], { to: ELEMENT_TYPES.int32 }) : name;
  const typed = (name: string) =>
    output.dtype === 'bool' ? onnx.emit('Cast', [name], { to: ELEMENT_TYPES.bool }) : name;

  if (axes.length === 0) onnx.write(output, onnx.emit('Identity', [onnx.read(input)]));
  else if (!inPlace)
    onnx.write(output, typed(emitReduction({ type, input: numbers(onnx.read(input)), axes, keep }, onnx)));
  else {
    const turned = axes.map((axis) => CHANNELS_FIRST_AXIS[axis]!).toSorted((a, b) => a - b);
    const name = emitReduction({ type, input: numbers(onnx.read(input, 'channels-first')), axes: turned, keep }, onnx);
    onnx.write(output, typed(name), keep ? 'channels-first' : 'logical');
  }
}

function reductionInTensorFlow(
  { inputs: [input], attributes }: GraphNode,
  x: string,
  { tensorFlow, rule: { kernel, axesName } }: { tensorFlow: TensorFlowBuilder; rule: ReductionRule },
): string {
  const { shape, dtype } = input!;
  const axes = axesOf(attributes, shape.length, axesName);
  const keepDims = attributes['keepDims'] === true;
  const reduce = (name: string, along: readonly number[], keep: boolean) =>
    tensorFlow.emit(kernel, [name, tensorFlow.integers(along)], {
      ...(dtype !== 'bool' && typed({ dtype })),
      keep_dims: keep,
    });
  const last = axes.at(-1);
  // Over the pixels of channels TensorFlow adds one by one. Rows by themselves round less, and take no longer.
  const isOverPixels = dtype === 'float32' && axes.length > 1 && last! < shape.length - 1;
  return isOverPixels ? reduce(reduce(x, [last!], true), axes, keepDims) : reduce(x, axes, keepDims);
}

/** An operation that takes some axes, or all, down to one number each. */
export function reduction(rule: ReductionRule): Operation {
  return {
    kernel: rule.kernel,
    inputs: ['x'],
    infer: ({ inputs: [x], attributes }) => {
      const axes = axesOf(attributes, x!.shape.length, rule.axesName);
      const keep = attributes['keepDims'] === true;
      const shape = keep
        ? x!.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
        : x!.shape.filter((_, axis) => !axes.includes(axis));
      return [{ shape, dtype: x!.dtype as DataType }];
    },
    toOnnx: (node, onnx) => writeReduction(node, onnx, rule),
    toTensorFlow: (node, tensorFlow, [x]) => reductionInTensorFlow(node, x!, { tensorFlow, rule }),
  };
}
