import { namedInputs } from '../attributes.js';
import type { Operation } from '../operation.js';
import { activationOf, writeActivation } from './families/activation.js';
import { productShape, writeProduct } from './families/matrix-product.js';

const INPUTS = ['a', 'b', 'bias', 'preluActivationWeights'];

/** A matrix product, a bias and an activation in one kernel; dense layers use it. */
export const fusedMatMul: Operation = {
  kernel: '_FusedMatMul',
  inputs: INPUTS,
  infer: (call) => {
    activationOf(call.attributes);
    return [{ shape: productShape(call), dtype: call.inputs[0]!.dtype }];
  },
  toOnnx: (node, onnx) => {
    const { bias } = namedInputs(node, INPUTS);
    const product = writeProduct(node, onnx);
    const sum = bias ? onnx.emit('Add', [product, onnx.read(bias)]) : product;
    onnx.write(node.outputs[0]!, writeActivation(sum, node.attributes, onnx));
  },
};
