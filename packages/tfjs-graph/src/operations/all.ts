import { reduction } from './families/reduction.js';

/** True where every element over some axes is. */
export const all = reduction({ kernel: 'All', onnxType: 'ReduceMin' });
