import { GraphError, type GraphNode, type Value } from '../../graph.js';
import { ELEMENT_TYPES } from '../../onnx/element-types.js';
import type { KernelCall, OnnxBuilder, Operation, OutputType, TensorFlowBuilder } from '../../operation.js';
import { sameAs, writeElementwise } from './elementwise.js';
import { typed } from './typed.js';

export interface UnaryRule {
  readonly kernel: string;
  /** `same`: integers give integers. */
  readonly result: 'same' | 'float32' | 'bool';
  /** Where the result is float32, integers are refused, as TensorFlow.js would cut its fractions off, or widened first. */
  readonly integers?: 'widened';
  readonly formula: (x: string, onnx: OnnxBuilder, node: GraphNode) => string;
  /** Absent: TensorFlow's operation has the kernel's name. */
  readonly tensorFlow?: (x: string, tensorFlow: TensorFlowBuilder, node: GraphNode) => string;
}

/** An operation of one tensor, element by element. */
export function unary({ kernel, result, integers, formula, tensorFlow: form }: UnaryRule): Operation {
  const isWidened = (x: Value) => integers === 'widened' && x.dtype !== 'float32';
  return {
    kernel,
    inputs: ['x'],
    infer: ({ inputs: [x] }: KernelCall): OutputType[] => {
      if (result === 'float32' && x!.dtype !== 'float32' && !isWidened(x!)) {
        throw new GraphError(
          'OPERATION_UNSUPPORTED',
          `Cannot trace operation "${kernel}" of ${x!.dtype} numbers: cast them to float32 first`,
        );
      }
      return [sameAs(x!, result === 'same' ? x!.dtype : result)];
    },
    toOnnx: (node, onnx) => {
      const widen = isWidened(node.inputs[0]!);
      writeElementwise(node, onnx, ([x]) =>
        formula(widen ? onnx.emit('Cast', [x!], { to: ELEMENT_TYPES.float32 }) : x!, onnx, node),
      );
    },
    toTensorFlow: (node, tensorFlow, [x]) => {
      const input = node.inputs[0]!;
      const widen = { SrcT: { type: input.dtype }, DstT: { type: 'float32' } } as const;
      const name = isWidened(input) ? tensorFlow.emit('Cast', [x!], widen) : x!;
      const type = typed(isWidened(input) ? { dtype: 'float32' } : input);
      return form ? form(name, tensorFlow, node) : tensorFlow.emit(kernel, [name], type);
    },
  };
}
