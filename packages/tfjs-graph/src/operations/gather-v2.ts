import { numberOf } from '../attributes.js';
import { GraphError, type Attributes, type Value } from '../graph.js';
import type { Operation } from '../operation.js';
import { axisOf } from './families/layout.js';

function gatheredAxis(x: Value, attributes: Attributes): number {
  if (numberOf(attributes, 'batchDims', 0) !== 0)
    throw new GraphError('OPERATION_UNSUPPORTED', 'Cannot trace operation "GatherV2" with batchDims: only without');
  return axisOf(attributes, x.shape.length);
}

/** Entries of a table by their indices: how a look-up map is applied to votes. */
export const gatherV2: Operation = {
  kernel: 'GatherV2',
  inputs: ['x', 'indices'],
  infer: ({ inputs: [x, indices], attributes }) => {
    const axis = gatheredAxis(x!, attributes);
    return [{ shape: [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)], dtype: x!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const [x, indices] = [node.inputs[0]!, node.inputs[1]!];
    onnx.write(
      node.outputs[0]!,
      onnx.emit('Gather', [onnx.read(x), onnx.read(indices)], { axis: gatheredAxis(x, node.attributes) }),
    );
  },
  toTensorFlow: ({ inputs: [x], attributes }, tensorFlow, inputs) =>
    tensorFlow.emit('GatherV2', [...inputs, tensorFlow.scalar(gatheredAxis(x!, attributes), 'int32')], {
      Tparams: { type: x!.dtype },
      Tindices: { type: 'int32' },
      Taxis: { type: 'int32' },
    }),
};
