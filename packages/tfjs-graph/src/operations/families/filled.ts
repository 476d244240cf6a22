import { sizeOf, type Value } from '../../graph.js';
import type { OnnxBuilder, TensorFlowBuilder } from '../../operation.js';
import { typed } from './typed.js';

/** A tensor that is one number everywhere is written as that number, expanded when the graph is loaded. */
export function writeFilled(output: Value, number: number, onnx: OnnxBuilder): void {
  const scalar = onnx.scalar(number, output.dtype);
  const shape = onnx.integers(output.shape);
  onnx.write(output, onnx.emit(sizeOf(output.shape) === 1 ? 'Reshape' : 'Expand', [scalar, shape]));
  // The same numbers in any order of axes: no transpose is needed where an image is wanted channels first.
  if (output.shape.length !== 4) return;
  const [batch, height, width, channels] = output.shape as [number, number, number, number];
  onnx.write(output, onnx.emit('Expand', [scalar, onnx.integers([batch, channels, height, width])]), 'channels-first');
}

/** TensorFlow as well makes the numbers when the graph is loaded, or not at all where a scalar does. */
export const filledInTensorFlow = (output: Value, number: number, tensorFlow: TensorFlowBuilder): string =>
  tensorFlow.emit('Fill', [tensorFlow.integers(output.shape), tensorFlow.scalar(number, output.dtype)], typed(output));
