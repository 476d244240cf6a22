import { reduction } from './families/reduction.js';

/** The smallest element over some axes. */
export const min = reduction({
  kernel: 'Min',
  onnxType: 'ReduceMin',
});
