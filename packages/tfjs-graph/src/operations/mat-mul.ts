import type { Operation, OnnxBuilder } from '../operation.js';
import type { Value } from '../graph.js';
import { broadcastShape } from './elementwise.js';

function matrix(value: Value, transposed: boolean, onnx: OnnxBuilder): string {
  const name = onnx.read(value);
  if (!transposed) return name;
  const rank = value.shape.length;
  const perm = value.shape.map((_, axis) => (axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis));
  return onnx.emit('Transpose', [name], { perm });
}

/** Matrix products over leading batch axes, which broadcast. */
export const batchMatMul: Operation = {
  kernel: 'BatchMatMul',
  inputs: ['a', 'b'],
  infer: ({ inputs: [a, b], attributes }) => {
    const [rowAxis, columnAxis] = [attributes['transposeA'] === true ? -1 : -2, attributes['transposeB'] === true ? -2 : -1];
    const batch = broadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
    return [{ shape: [...batch, a!.shape.at(rowAxis)!, b!.shape.at(columnAxis)!], dtype: a!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const a = matrix(node.inputs[0]!, node.attributes['transposeA'] === true, onnx);
    const b = matrix(node.inputs[1]!, node.attributes['transposeB'] === true, onnx);
    onnx.write(node.outputs[0]!, onnx.emit('MatMul', [a, b]));
  },
};
