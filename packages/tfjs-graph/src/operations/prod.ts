import { reduction } from './families/reduction.js';

/** The product over some axes. It has no gradient here: TensorFlow.js takes one through a cumulative product. */
export const prod = reduction({
  kernel: 'Prod',
  onnxType: 'ReduceProd',
});
