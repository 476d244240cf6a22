import type { DataType } from '../graph.js';
import type { OnnxBuilder, Operation } from '../operation.js';
import { broadcastShape, writeElementwise } from './elementwise.js';

interface BinaryRule {
  readonly kernel: string;
  readonly result: 'same' | 'bool';
  readonly formula: (inputs: string[], onnx: OnnxBuilder) => string;
}

function binary({ kernel, result, formula }: BinaryRule): Operation {
  return {
    kernel,
    inputs: ['a', 'b'],
    infer: ({ inputs: [a, b] }) => {
      const dtype: DataType = result === 'bool' ? 'bool' : a!.dtype;
      return [{ shape: broadcastShape(a!.shape, b!.shape), dtype }];
    },
    toOnnx: (node, onnx) => writeElementwise(node, onnx, (inputs) => formula(inputs, onnx)),
  };
}

const direct = (result: 'same' | 'bool') => (names: readonly [string, string]): Operation =>
  binary({ kernel: names[0], result, formula: (inputs, onnx) => onnx.emit(names[1], inputs) });

const arithmetic: readonly (readonly [string, string])[] = [
  ['Add', 'Add'],
  ['Sub', 'Sub'],
  ['Multiply', 'Mul'],
  ['RealDiv', 'Div'],
  ['Maximum', 'Max'],
  ['Minimum', 'Min'],
  ['Pow', 'Pow'],
];

const comparisons: readonly (readonly [string, string])[] = [
  ['Greater', 'Greater'],
  ['GreaterEqual', 'GreaterOrEqual'],
  ['Less', 'Less'],
  ['LessEqual', 'LessOrEqual'],
  ['Equal', 'Equal'],
  ['LogicalAnd', 'And'],
  ['LogicalOr', 'Or'],
];

/** Operations of two tensors, element by element, with broadcasting. */
export const binaryOperations: readonly Operation[] = [
  ...arithmetic.map(direct('same')),
  ...comparisons.map(direct('bool')),
  binary({ kernel: 'NotEqual', result: 'bool', formula: (inputs, onnx) => onnx.emit('Not', [onnx.emit('Equal', inputs)]) }),
  binary({
    kernel: 'SquaredDifference',
    result: 'same',
    formula: (inputs, onnx) => {
      const difference = onnx.emit('Sub', inputs);
      return onnx.emit('Mul', [difference, difference]);
    },
  }),
  binary({ kernel: 'FloorDiv', result: 'same', formula: (inputs, onnx) => onnx.emit('Floor', [onnx.emit('Div', inputs)]) }),
  // d(prelu)/dx and d(elu)/dx are kernels of their own in TensorFlow.js.
  {
    kernel: 'EluGrad',
    inputs: ['dy', 'y'],
    infer: ({ inputs: [dy] }) => [{ shape: dy!.shape, dtype: dy!.dtype }],
    toOnnx: (node, onnx) =>
      writeElementwise(node, onnx, ([dy, y]) => {
        const slope = onnx.emit('Where', [onnx.emit('Greater', [y!, onnx.scalar(0)]), onnx.scalar(1), onnx.emit('Add', [y!, onnx.scalar(1)])]);
        return onnx.emit('Mul', [dy!, slope]);
      }),
  },
  {
    kernel: 'Prelu',
    inputs: ['x', 'alpha'],
    infer: ({ inputs: [x] }) => [{ shape: x!.shape, dtype: x!.dtype }],
    toOnnx: (node, onnx) =>
      writeElementwise(node, onnx, ([x, alpha]) => onnx.emit('Where', [onnx.emit('Greater', [x!, onnx.scalar(0)]), x!, onnx.emit('Mul', [x!, alpha!])])),
  },
];
