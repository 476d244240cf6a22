import { GraphError, type GraphNode } from '../../graph.js';
import { ELEMENT_TYPES } from '../../onnx/element-types.js';
import type { KernelCall, OnnxBuilder, Operation, OutputType } from '../../operation.js';
import { sameAs, writeElementwise } from './elementwise.js';

export interface UnaryRule {
  readonly kernel: string;
  /** `same`: integers give integers. */
  readonly result: 'same' | 'float32' | 'bool';
  /** Where the result is float32, integers are refused, as TensorFlow.js would cut its fractions off, or widened first. */
  readonly integers?: 'widened';
  readonly formula: (x: string, onnx: OnnxBuilder, node: GraphNode) => string;
}

/** An operation of one tensor, element by element. */
export function unary({ kernel, result, integers, formula }: UnaryRule): Operation {
  return {
    kernel,
    inputs: ['x'],
    infer: ({ inputs: [x] }: KernelCall): OutputType[] => {
      if (result === 'float32' && x!.dtype !== 'float32' && integers !== 'widened') {
        throw new GraphError(
          'OPERATION_UNSUPPORTED',
          `Cannot trace operation "${kernel}" of ${x!.dtype} numbers: cast them to float32 first`,
        );
      }
      return [sameAs(x!, result === 'same' ? x!.dtype : result)];
    },
    toOnnx: (node, onnx) => {
      const widen = integers === 'widened' && node.inputs[0]!.dtype !== 'float32';
      writeElementwise(node, onnx, ([x]) =>
        formula(widen ? onnx.emit('Cast', [x!], { to: ELEMENT_TYPES.float32 }) : x!, onnx, node),
      );
    },
  };
}
