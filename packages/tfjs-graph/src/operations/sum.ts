import { reduction } from './families/reduction.js';

/** The sum over some axes. */
export const sum = reduction({
  kernel: 'Sum',
  onnxType: 'ReduceSum',
});
