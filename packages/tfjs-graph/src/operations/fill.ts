import { numberOf, numbersOf } from '../attributes.js';
import { sizeOf, type DataType, type GraphNode, type Value } from '../graph.js';
import type { OnnxBuilder, Operation } from '../operation.js';
import { sameAs } from './elementwise.js';

/** A constant that is one number everywhere is written as that number, expanded when the graph runs. */
function writeFilled(output: Value, number: number, onnx: OnnxBuilder): void {
  const scalar = onnx.scalar(number, output.dtype);
  onnx.write(output, sizeOf(output.shape) === 1 ? onnx.emit('Reshape', [scalar, onnx.integers(output.shape)]) : onnx.emit('Expand', [scalar, onnx.integers(output.shape)]));
}

const like = (kernel: string, number: number): Operation => ({
  kernel,
  inputs: ['x'],
  infer: ({ inputs: [x] }) => [sameAs(x!)],
  toOnnx: (node: GraphNode, onnx) => writeFilled(node.outputs[0]!, number, onnx),
});

export const zerosLike = like('ZerosLike', 0);
export const onesLike = like('OnesLike', 1);

export const fill: Operation = {
  kernel: 'Fill',
  inputs: [],
  infer: ({ attributes }) => [{ shape: numbersOf(attributes, 'shape'), dtype: (attributes['dtype'] as DataType | undefined) ?? 'float32' }],
  toOnnx: (node, onnx) => writeFilled(node.outputs[0]!, numberOf(node.attributes, 'value'), onnx),
};
