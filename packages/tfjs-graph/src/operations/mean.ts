import { reduction } from './families/reduction.js';

/** The mean over some axes. */
export const mean = reduction({
  kernel: 'Mean',
  onnxType: 'ReduceMean',
});
