import type { Value } from '../../graph.js';
import type { KernelCall, OnnxBuilder, TensorFlowBuilder } from '../../operation.js';
import { broadcastShape } from './elementwise.js';
import { typed } from './typed.js';

/** Shape of the product of the first two inputs, each perhaps transposed. */
export function productShape({ inputs: [a, b], attributes }: KernelCall): number[] {
  const [rowAxis, columnAxis] = [
    attributes['transposeA'] === true ? -1 : -2,
    attributes['transposeB'] === true ? -2 : -1,
  ];
  return [
    ...broadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2)),
    a!.shape.at(rowAxis)!,
    b!.shape.at(columnAxis)!,
  ];
}

function matrix(value: Value, transposed: boolean, onnx: OnnxBuilder): string {
  const name = onnx.read(value);
  if (!transposed) return name;
  const rank = value.shape.length;
  const perm = value.shape.map((_, axis) => (axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis));
  return onnx.emit('Transpose', [name], { perm });
}

/** The product's name. onnxruntime reads a transposed factor in place. */
export function writeProduct({ inputs, attributes }: KernelCall, onnx: OnnxBuilder): string {
  return onnx.emit('MatMul', [
    matrix(inputs[0]!, attributes['transposeA'] === true, onnx),
    matrix(inputs[1]!, attributes['transposeB'] === true, onnx),
  ]);
}

/** The product of the first two inputs for TensorFlow. */
export const productInTensorFlow = (
  { inputs: [a], attributes }: KernelCall,
  tensorFlow: TensorFlowBuilder,
  [left, right]: readonly string[],
): string =>
  tensorFlow.emit('BatchMatMulV2', [left!, right!], {
    ...typed(a!),
    adj_x: attributes['transposeA'] === true,
    adj_y: attributes['transposeB'] === true,
  });
