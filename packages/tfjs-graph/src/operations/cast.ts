import type { DataType } from '../graph.js';
import { ELEMENT_TYPES } from '../onnx/element-types.js';
import type { Operation } from '../operation.js';
import { sameAs, writeElementwise } from './families/elementwise.js';

/** Another type, the same numbers; fractions are cut off on the way to integers. */
export const cast: Operation = {
  kernel: 'Cast',
  inputs: ['x'],
  infer: ({ inputs: [x], attributes }) => [sameAs(x!, attributes['dtype'] as DataType)],
  toOnnx: (node, onnx) =>
    writeElementwise(node, onnx, ([x]) => onnx.emit('Cast', [x!], { to: ELEMENT_TYPES[node.outputs[0]!.dtype] })),
  toTensorFlow: (node, tensorFlow, inputs) =>
    tensorFlow.emit('Cast', inputs, {
      SrcT: { type: node.inputs[0]!.dtype },
      DstT: { type: node.outputs[0]!.dtype },
    }),
};
