import { numberOf } from '../attributes.js';
import type { GraphNode } from '../graph.js';
import type { OnnxBuilder, Operation } from '../operation.js';
import { sameAs, writeElementwise } from './elementwise.js';

const FLOAT32_MAX = 3.4028234e38;

type Formula = (x: string, onnx: OnnxBuilder, node: GraphNode) => string;

function unary(kernel: string, formula: Formula): Operation {
  return {
    kernel,
    inputs: ['x'],
    infer: ({ inputs: [x] }) => [sameAs(x!)],
    toOnnx: (node, onnx) => writeElementwise(node, onnx, ([x]) => formula(x!, onnx, node)),
  };
}

const direct = (kernel: string, type = kernel): Operation => unary(kernel, (x, onnx) => onnx.emit(type, [x]));

/** Operations of one tensor, element by element. */
export const unaryOperations: readonly Operation[] = [
  ...['Relu', 'Exp', 'Log', 'Neg', 'Sqrt', 'Sigmoid', 'Abs', 'Tanh', 'Softplus', 'Reciprocal', 'Sign', 'Floor', 'Ceil', 'Round', 'Erf', 'Sin', 'Cos'].map(
    (kernel) => direct(kernel),
  ),
  direct('LogicalNot', 'Not'),
  unary('Rsqrt', (x, onnx) => onnx.emit('Reciprocal', [onnx.emit('Sqrt', [x])])),
  unary('Square', (x, onnx) => onnx.emit('Mul', [x, x])),
  unary('Log1p', (x, onnx) => onnx.emit('Log', [onnx.emit('Add', [x, onnx.scalar(1)])])),
  unary('Expm1', (x, onnx) => onnx.emit('Sub', [onnx.emit('Exp', [x]), onnx.scalar(1)])),
  unary('Relu6', (x, onnx) => onnx.emit('Clip', [x, onnx.scalar(0), onnx.scalar(6)])),
  unary('Elu', (x, onnx) => onnx.emit('Elu', [x])),
  unary('Selu', (x, onnx) => onnx.emit('Selu', [x])),
  unary('LeakyRelu', (x, onnx, { attributes }) => onnx.emit('LeakyRelu', [x], { alpha: { float: numberOf(attributes, 'alpha', 0.2) } })),
  unary('ClipByValue', (x, onnx, { attributes }) =>
    onnx.emit('Clip', [x, onnx.scalar(numberOf(attributes, 'clipValueMin')), onnx.scalar(numberOf(attributes, 'clipValueMax'))]),
  ),
  // The gradient of tf.abs is step(x, -1): dropping alpha makes a wrong gradient under a falling loss.
  unary('Step', (x, onnx, { attributes }) => {
    const alpha = numberOf(attributes, 'alpha', 0);
    // A ramp as steep as float32 allows is 0 or 1 at every normal number, and half the time of a comparison and a cast.
    if (alpha === 0) return onnx.emit('HardSigmoid', [x], { alpha: { float: FLOAT32_MAX }, beta: { float: 0 } });
    return onnx.emit('Where', [onnx.emit('Greater', [x, onnx.scalar(0)]), onnx.scalar(1), onnx.scalar(alpha)]);
  }),
];
