import { GraphError, type DataType, type GraphNode } from '../../graph.js';
import type { OnnxBuilder, Operation } from '../../operation.js';
import { broadcastShape, writeElementwise } from './elementwise.js';
import { typed } from './typed.js';

export interface BinaryRule {
  readonly kernel: string;
  readonly result: 'same' | 'bool';
  /** True where truth values may be compared or combined; arithmetic has no meaning for them. */
  readonly takesBooleans?: boolean | 'only';
  readonly formula: (inputs: readonly [string, string], onnx: OnnxBuilder, node: GraphNode) => string;
  /** What TensorFlow calls it, where not by the kernel's name. */
  readonly tensorFlowType?: string;
}

/** An operation of two tensors, element by element, with broadcasting. */
export function binary({
  kernel,
  result,
  takesBooleans = false,
  formula,
  tensorFlowType = kernel,
}: BinaryRule): Operation {
  return {
    kernel,
    inputs: ['a', 'b'],
    infer: ({ inputs: [a, b] }) => {
      if (a!.dtype === 'bool' && !takesBooleans)
        throw new GraphError(
          'OPERATION_UNSUPPORTED',
          `Cannot trace operation "${kernel}" of truth values: cast them to int32 first`,
        );
      const dtype: DataType = result === 'bool' ? 'bool' : a!.dtype;
      return [{ shape: broadcastShape(a!.shape, b!.shape), dtype }];
    },
    toOnnx: (node, onnx) => writeElementwise(node, onnx, ([a, b]) => formula([a!, b!], onnx, node)),
    toTensorFlow: ({ inputs: [a] }, tensorFlow, inputs) =>
      tensorFlow.emit(tensorFlowType, inputs, takesBooleans === 'only' ? {} : typed(a!)),
  };
}
