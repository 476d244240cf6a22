import { unary } from './families/unary.js';

/** True where false. */
export const logicalNot = unary({
  kernel: 'LogicalNot',
  result: 'bool',
  formula: (x, onnx) => onnx.emit('Not', [x]),
  tensorFlow: (x, tensorFlow) => tensorFlow.emit('LogicalNot', [x]),
});
