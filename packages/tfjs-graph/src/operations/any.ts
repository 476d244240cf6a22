import { reduction } from './families/reduction.js';

/** True where some element over some axes is. */
export const any = reduction({ kernel: 'Any', onnxType: 'ReduceMax' });
