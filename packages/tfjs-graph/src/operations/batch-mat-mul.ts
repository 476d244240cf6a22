import type { Operation } from '../operation.js';
import { productInTensorFlow, productShape, writeProduct } from './families/matrix-product.js';

/** Matrix products over leading batch axes, which broadcast. */
export const batchMatMul: Operation = {
  kernel: 'BatchMatMul',
  inputs: ['a', 'b'],
  infer: (call) => [{ shape: productShape(call), dtype: call.inputs[0]!.dtype }],
  toOnnx: (node, onnx) => onnx.write(node.outputs[0]!, writeProduct(node, onnx)),
  toTensorFlow: productInTensorFlow,
};
