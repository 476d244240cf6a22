import type { DataType } from '../graph.js';
import { ELEMENT_TYPES } from '../onnx/element-types.js';
import type { Operation } from '../operation.js';
import { writeElementwise } from './elementwise.js';

/** Another type, the same numbers; fractions are cut off on the way to integers. */
export const cast: Operation = {
  kernel: 'Cast',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => [{ shape: x!.shape, dtype: attributes['dtype'] as DataType }],
  toOnnx: (node, onnx) =>
    writeElementwise(node, onnx, ([x]) => onnx.emit('Cast', [x!], { to: ELEMENT_TYPES[node.outputs[0]!.dtype] })),
};

/** The tensor itself under another name. */
export const identity: Operation = {
  kernel: 'Identity',
  inputs: ['x'],
  infer: ({ inputs: [x] }) => [{ shape: x!.shape, dtype: x!.dtype }],
  toOnnx: (node, onnx) => writeElementwise(node, onnx, ([x]) => onnx.emit('Identity', [x!])),
};
