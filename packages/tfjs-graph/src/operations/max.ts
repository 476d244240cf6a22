import { reduction } from './families/reduction.js';

/** The largest element over some axes. */
export const max = reduction({
  kernel: 'Max',
  onnxType: 'ReduceMax',
  axesName: 'reductionIndices',
});
