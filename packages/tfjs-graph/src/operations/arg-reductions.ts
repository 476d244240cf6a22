import { numberOf } from '../attributes.js';
import type { Attributes } from '../graph.js';
import type { Operation } from '../operation.js';

/** The first position of the largest or smallest element along one axis, as int32. */
function argReduction(kernel: 'ArgMax' | 'ArgMin'): Operation {
  const axisOf = (attributes: Attributes, rank: number) => {
    const axis = numberOf(attributes, 'axis', 0);
    return axis < 0 ? axis + rank : axis;
  };
  return {
    kernel,
    inputs: ['x'],
    infer: ({ inputs: [x], attributes }) => {
      const axis = axisOf(attributes, x!.shape.length);
      return [{ shape: x!.shape.filter((_, i) => i !== axis), dtype: 'int32' }];
    },
    toOnnx: (node, onnx) => {
      const axis = axisOf(node.attributes, node.inputs[0]!.shape.length);
      const index = onnx.emit(kernel, [onnx.read(node.inputs[0]!)], { axis, keepdims: 0 });
      onnx.write(node.outputs[0]!, onnx.emit('Cast', [index], { to: 6 }));
    },
  };
}

export const argMax = argReduction('ArgMax');
export const argMin = argReduction('ArgMin');
