import { namedInputs } from '../attributes.js';
import type { Operation } from '../operation.js';
import { activationInTensorFlow, activationOf, writeActivation } from './families/activation.js';
import { productInTensorFlow, productShape, writeProduct } from './families/matrix-product.js';
import { FLOATS } from './families/typed.js';

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
  toTensorFlow: (node, tensorFlow, inputs) => {
    const { bias } = namedInputs({ ...node, inputs }, INPUTS);
    const product = productInTensorFlow(node, tensorFlow, inputs);
    const sum = bias === undefined ? product : tensorFlow.emit('AddV2', [product, bias], FLOATS);
    return activationInTensorFlow(sum, node.attributes, tensorFlow);
  },
};
