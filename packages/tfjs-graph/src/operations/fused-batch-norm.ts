import { namedInputs, numberOf } from '../attributes.js';
import { sizeOf, type Value } from '../graph.js';
import type { Operation } from '../operation.js';
import { sameAs } from './families/elementwise.js';
import { standingLayout } from './families/layout.js';
import { FLOATS } from './families/typed.js';

const INPUTS = ['x', 'mean', 'variance', 'offset', 'scale'];

/** Batch normalisation with given mean and variance: one multiplication and one addition a channel. */
export const fusedBatchNorm: Operation = {
  kernel: 'FusedBatchNorm',
  inputs: INPUTS,
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node, onnx) => {
    const { x, mean, variance, offset, scale } = namedInputs(node, INPUTS) as Record<'x' | 'mean' | 'variance', Value> &
      Record<string, Value | undefined>;
    const { layout } = standingLayout(x, onnx);
    const perChannel = (value: Value) => {
      const turned =
        layout === 'channels-first' && value.shape.length <= 1
          ? onnx.reshape(onnx.read(value), [sizeOf(value.shape), 1, 1])
          : undefined;
      return turned ?? onnx.read(value, value.shape.length === 4 ? layout : 'logical');
    };
    const deviation = onnx.emit('Sqrt', [
      onnx.emit('Add', [perChannel(variance), onnx.scalar(numberOf(node.attributes, 'varianceEpsilon', 1e-3))]),
    ]);
    const factor = onnx.emit('Div', [scale ? perChannel(scale) : onnx.scalar(1), deviation]);
    const shift = onnx.emit('Mul', [perChannel(mean), factor]);
    const term = offset ? onnx.emit('Sub', [perChannel(offset), shift]) : onnx.emit('Neg', [shift]);
    onnx.write(node.outputs[0]!, onnx.emit('Add', [onnx.emit('Mul', [onnx.read(x, layout), factor]), term]), layout);
  },
  toTensorFlow: ({ attributes }, tensorFlow, inputs) => {
    const { x, mean, variance, offset, scale } = namedInputs({ inputs, attributes }, INPUTS);
    const emit = (type: string, ...names: string[]) => tensorFlow.emit(type, names, FLOATS);
    const floor = tensorFlow.scalar(numberOf(attributes, 'varianceEpsilon', 1e-3));
    const inverse = emit('Rsqrt', emit('AddV2', variance!, floor));
    const factor = scale === undefined ? inverse : emit('Mul', inverse, scale);
    const shift = emit('Mul', mean!, factor);
    const term = offset === undefined ? emit('Neg', shift) : emit('Sub', offset, shift);
    return emit('AddV2', emit('Mul', x!, factor), term);
  },
};
